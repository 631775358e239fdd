// SPDX-License-Identifier: MIT OR Apache-2.0
// What the processes of a run share. After clone(2) only async-signal-safe calls are made: the caller
// may have had other threads, and their locks stay locked in the copy.

#ifndef PARTS_H
#define PARTS_H

#include "include/tracer.h"

#include <limits.h>
#include <linux/filter.h>
#include <stdnoreturn.h>

// Results that the kernel acts on and no process sees: the call begins again, in the second case whatever
// handler runs before. Source: include/linux/errno.h of the kernel, ERESTARTSYS and ERESTARTNOINTR.
enum { TRACER_RESTART = 512, TRACER_RESTART_ALWAYS = 513 };

// calls.c: what a system call says about files. Numbers and argument positions are -1 where there is none.
enum tracer_operation {
    TRACER_OPEN,
    TRACER_STATUS,
    TRACER_EXTENDED_STATUS,
    TRACER_ACCESS,
    TRACER_READ_LINK,
    TRACER_WORKING_DIRECTORY_NAME,
    TRACER_FILESYSTEM_STATUS,
    TRACER_ATTRIBUTE,
    TRACER_ATTRIBUTE_LIST,
    TRACER_PATHS, // no more to it than the paths, as `effect` says
    TRACER_SOCKET_ADDRESS,
    TRACER_EXECUTION,
    TRACER_REFUSED, // `error` is the answer
};

enum tracer_effect {
    TRACER_LOOKS,
    TRACER_CHANGES, // what is there
    TRACER_REMOVES, // a name
    TRACER_MAKES,   // what is not there yet
};

struct tracer_argument {
    int8_t directory; // AT_FDCWD where it is -1
    int8_t path;
    uint8_t effect;
    bool itself; // a symbolic link at the end is meant itself
};

struct tracer_call {
    int16_t number;
    int16_t number32; // i386's, on x86-64
    uint8_t operation;
    bool traced; // by the tracer; else by the answerer
    struct tracer_argument first;
    struct tracer_argument second;
    int8_t flags;
    uint32_t itself_flag;  // in `flags`: a link at the end is meant itself
    uint32_t follows_flag; // in `flags`: it is not
    uint32_t traced_flags; // in `flags`: the tracer's after all
    uint32_t native_flags; // in `flags`: nobody's
    int16_t error;
};

extern const struct tracer_call tracer_calls[];
extern const size_t tracer_call_count;

// rootcalls.c: what succeeds without effect where the command is root; numbers as above.
struct tracer_root_call {
    int16_t number;
    int16_t number32;
};
extern const struct tracer_root_call tracer_root_calls[];
extern const size_t tracer_root_call_count;

// filter.c: of the command. Returns the listener, or -1 with errno.
enum { TRACER_FILTER_ROOM = 1024 };
int tracer_load_filter(const struct tracer_plan *plan);
int tracer_load_execution_filter(void);
bool tracer_is_32_bit(uint32_t architecture);

// view.c: paths inside and outside. Lengths are without the zero; each buffer holds PATH_MAX bytes.
const struct tracer_mount *tracer_mount_of(const struct tracer_plan *plan, const char *guest,
                                           size_t length);
const struct tracer_mount *tracer_to_host(const struct tracer_plan *plan, const char *guest,
                                          char *host);
bool tracer_to_guest(const struct tracer_plan *plan, const char *host, char *guest);

// tracee.c: what can be known of a process, and its memory. Errors are negative.
ssize_t tracer_read_path(pid_t process, uint64_t address, char *path);
ssize_t tracer_read_memory(pid_t process, uint64_t address, void *to, size_t size);
int tracer_write_memory(pid_t process, uint64_t address, const void *from, size_t size);
ssize_t tracer_process_link(pid_t process, const char *name, int descriptor, char *target);
pid_t tracer_group_of(pid_t process);
ssize_t tracer_program_of(const struct tracer_plan *plan, pid_t process, char *guest);
char *tracer_put(char *to, const char *text);
char *tracer_put_number(char *to, unsigned long number);

// walk.c: a path as a process means it.
struct tracer_place {
    char guest[PATH_MAX]; // without symbolic links, "" for the root
    char host[PATH_MAX];
    char link[PATH_MAX]; // where the last component leads, if it is a link and was not followed
    ssize_t link_length; // -1: it is none
    const struct tracer_mount *mount;
    bool kernel_follows; // a link of /proc that leads to no path; only the kernel can follow it
};
enum { TRACER_NATIVE = 1 }; // nothing to translate: a descriptor from outside
// 0, TRACER_NATIVE, or a negative errno.
int tracer_absolute(const struct tracer_plan *plan, pid_t process, int directory, const char *path,
                    char *absolute);
int tracer_walk(const struct tracer_plan *plan, pid_t process, const char *absolute, bool follow,
                struct tracer_place *place);
// Whether a look at `host` says whether there are links on the way; else only a walk does.
bool tracer_place_by_text(const struct tracer_plan *plan, const char *absolute,
                          struct tracer_place *place);
int tracer_open_without_links(const char *host, uint64_t flags);

// processlinks.c: the links of /proc, as they are inside. Length, -1 for none, or -2 for one that leads
// to no path.
ssize_t tracer_process_file_link(const struct tracer_plan *plan, pid_t process, const char *guest,
                                 const char *host, char *target);

// answer.c: the process that answers calls that only look.
noreturn void tracer_answer(const struct tracer_plan *plan, int channel);

// trace.c: the process that traces.
noreturn void tracer_trace(const struct tracer_plan *plan, int channel, int passing);

// stop.c: a stopped process's call.
struct tracer_stop {
    pid_t process;
    pid_t process_in_proc; // as /proc numbers it
    bool is_32_bit;
    const struct tracer_call *call;
    uint64_t arguments[6];
    uint64_t stack;
};
int tracer_read_stop(pid_t process, struct tracer_stop *stop);
void tracer_set_result(const struct tracer_stop *stop, long result); // and the call is not made
// A process that stopped because its call was interrupted: where its stack is. The call will begin again.
int tracer_read_interruption(struct tracer_stop *stop);
enum { TRACER_CHANGES_ROOM = 4 };
struct tracer_change {
    int argument; // -1: the number of the call
    uint64_t value;
};
int tracer_set_arguments(const struct tracer_stop *stop, const struct tracer_change *changes,
                         size_t count);

// rewrite.c: of the tracer. Whether the process is to stop again after the call.
bool tracer_rewrite(const struct tracer_plan *plan, const struct tracer_stop *stop);
void tracer_restore(pid_t process);
void tracer_forget(pid_t process);
// What is put below the stack of a process for the time of one call. Returns its address, or 0.
uint64_t tracer_lend(const struct tracer_stop *stop, const void *bytes, size_t size, bool is_kept);
bool tracer_remember(const struct tracer_stop *stop, const struct tracer_change *changes,
                     size_t count);

// execute.c: of the tracer.
bool tracer_execute(const struct tracer_plan *plan, const struct tracer_stop *stop);
// Of init: whether an emulator is to be started, and the call changed so that it is.
bool tracer_needs_emulator(const struct tracer_plan *plan, const struct tracer_stop *stop);
int tracer_start_emulator(const struct tracer_stop *stop);

// program.c: what a program is, by its first bytes.
enum tracer_program_kind {
    TRACER_PROGRAM_NATIVE, // `interpreter` is its loader, "" for none
    TRACER_PROGRAM_SCRIPT, // `interpreter` and `argument`
    TRACER_PROGRAM_FOREIGN,
    TRACER_PROGRAM_UNKNOWN,
};
struct tracer_program {
    enum tracer_program_kind kind;
    char interpreter[PATH_MAX];
    char argument[256]; // "" for none
};
int tracer_inspect(const struct tracer_plan *plan, const char *host, struct tracer_program *program);
bool tracer_takes_argument_zero(const char *host);

// command.c: the process that becomes the command.
noreturn void tracer_become_command(const struct tracer_plan *plan, int channel, int passing,
                                    int start, mode_t mask);

// spawn.c: to the caller.
void tracer_tell(int channel, enum tracer_stage stage, int value);
noreturn void tracer_fail(int channel, enum tracer_stage stage); // with errno

#endif
