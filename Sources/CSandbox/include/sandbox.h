// SPDX-License-Identifier: MIT OR Apache-2.0
// The C side of the sandbox: everything from clone(2) to execve(2).
//
// The caller decides, this code obeys: a plan is complete before the first process is made, nothing
// here allocates or prints, and whatever fails is reported as a stage, an index and an errno.
//
//   caller ── clone ──▶ init, PID 1: namespaces, mounts, identity ── fork ──▶ command ── execve
//      ▲                  │  ▲                                                   │
//      └── sandbox_report ┘  └── signals to pass on, one byte each               └── sandbox_report
//
// One SOCK_SEQPACKET pair carries all of it; its end of file tells either side that the other died.

#ifndef SANDBOX_H
#define SANDBOX_H

#include <linux/filter.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What a step of the plan does at its target. Mount points are made where they are missing.
enum sandbox_step_kind {
    SANDBOX_STEP_BIND,           // the tree at `source` on the host
    SANDBOX_STEP_OVERLAY,        // the directory `source` on the host, writes going to memory
    SANDBOX_STEP_DIRECTORY,      // an empty directory in memory, of mode `mode`
    SANDBOX_STEP_FILESYSTEM,     // a new instance of the filesystem type `source`
    SANDBOX_STEP_BINARY_FORMATS, // a binfmt_misc of the sandbox's own, for `binary_formats`
    SANDBOX_STEP_SYMLINK,        // a symbolic link to `source`
    SANDBOX_STEP_READ_ONLY,      // what is there already, with `attributes`
    SANDBOX_STEP_MASK,           // nothing to see: an empty file or directory over what is there
};

struct sandbox_step {
    enum sandbox_step_kind kind;
    bool optional;       // skipped when the source, or what it changes, is not there
    bool told;           // of an overlay: the caller gets the directory with what is written
    uint64_t attributes; // MOUNT_ATTR_*
    mode_t mode;
    const char *target;
    const char *source;
};

// Who starts foreign programs where there are no binary formats: in init, which is every process's
// ancestor. `listen` makes execve(2) of whatever init starts afterwards wait, and returns a descriptor that
// is readable when a call does, or -1 with errno. `answer` answers one; -1 with errno: it may not.
struct sandbox_executions {
    int (*listen)(void);
    int (*answer)(const void *plan, int listener);
    const void *plan;
    const struct sock_fprog *filters; // init's own system calls, once the command is there
    size_t filter_count;
};

struct sandbox_plan {
    const char *root;   // the lower directory of the root overlay
    const char *writes; // the directory for what is written to the root; NULL: it goes to memory
    bool own_root;      // no overlay: the root is written to, and nobody else has it
    bool empty_root;    // no overlay: the root is an empty directory in memory, and steps fill it
    bool covering_root; // no pivot_root(2): the root is moved over the old one, which stays below
    bool counted_namespaces; // the number of user namespaces is limited, besides by the filter
    bool rehearsal;          // everything is done but execve(2)
    bool attempts;           // and then is tried what nothing inside may do
    const struct sandbox_step *steps;
    size_t step_count;
    int *descriptors; // room for `step_count` of them
    bool private_network;
    const char *hostname; // NULL: it stays the caller's
    bool root_user;   // the command is 0 of the namespace that owns the mounts
    bool only_errors; // the command reads nothing, and all that it writes is standard error's
    int umask;        // the command's; -1: the caller's
    const struct sock_fprog *filters; // the command's system calls, and those of all its children
    size_t filter_count;
    uint64_t process_limit; // RLIMIT_NPROC of the command, where it is not lower already; 0: none
    // Lines for uid_map and gid_map: of the namespace that owns the mounts, and of the command's.
    const char *owner_uid_map;
    const char *owner_gid_map;
    const char *command_uid_map;
    const char *command_gid_map;
    const char *const *binary_formats; // lines for binfmt_misc's `register`, ending in NULL
    struct sandbox_executions executions; // `listen` is NULL: the kernel's affair
    const char *working_directory;
    const char *const *candidates; // where the program may be, in order, ending in NULL
    const char *const *arguments;
    const char *const *environment;
};

enum sandbox_stage {
    SANDBOX_ENDED,   // not a failure: `value` is the command's wait status, 0 after a rehearsal
    SANDBOX_SKIPPED, // not a failure: step `index` is not to be had on this kernel
    SANDBOX_WRITES,  // not a failure: with the directory of what is written to step `index`
    SANDBOX_ATTEMPTED, // not a failure: `value` is the errno of attempt `index`, or 0
    SANDBOX_CHANNEL,
    SANDBOX_NAMESPACES,
    SANDBOX_IDENTITY,
    SANDBOX_NAMESPACE_LIMIT,
    SANDBOX_PROPAGATION,
    SANDBOX_SOURCE,
    SANDBOX_ROOT,
    SANDBOX_MOUNT_POINT,
    SANDBOX_MOUNT,
    SANDBOX_OVERLAY,
    SANDBOX_PIVOT,
    SANDBOX_NETWORK,
    SANDBOX_HOSTNAME,
    SANDBOX_BINARY_FORMAT,
    SANDBOX_EXECUTIONS,
    SANDBOX_CONFINEMENT,
    SANDBOX_FILTER,
    SANDBOX_START,
    SANDBOX_WORKING_DIRECTORY,
    SANDBOX_NO_PROGRAM, // none of the candidates is there
    SANDBOX_EXECUTE,
};

struct sandbox_report {
    int32_t stage; // enum sandbox_stage
    int32_t index; // of the step, binary format or candidate that the stage was at, else 0
    int32_t value; // errno, unless the stage says otherwise
};

// What attempt `index` of a report was to do.
const char *sandbox_attempt_name(int index);

// The version of Landlock that the kernel has; 0 for none.
int sandbox_landlock_version(void);

struct sandbox_process {
    pid_t init;
    int channel;
};

// Makes init and sets it to work. From now until `sandbox_finish`, the signals that ask a process to
// end are passed on to the command, unless the terminal has sent them to it already. One at a time
// in a process, for dispositions are the process's.
// Returns 0, or fills `report` and returns -1.
int sandbox_start(const struct sandbox_plan *plan, struct sandbox_process *process,
                  struct sandbox_report *report);

// Waits for the next report, and the descriptor that comes with it, -1 for none.
void sandbox_receive(const struct sandbox_process *process, struct sandbox_report *report,
                     int *descriptor);

// Waits until nothing of the sandbox is left, and takes the caller's signal dispositions back.
void sandbox_finish(struct sandbox_process *process);

#endif
