// SPDX-License-Identifier: MIT OR Apache-2.0
// The C side of the engine without namespaces: a command whose paths are translated.
//
// The caller decides, this code obeys: which path inside is which path outside is complete before the
// first process is made. Nothing here allocates or prints, and what fails is a stage and an errno.
//
//   caller ── clone ──▶ answerer ── clone ──▶ tracer ── clone ──▶ command, and all that it starts
//      ▲                  ▲  │                 │   ▲  │               │
//      │                  │  └─ answers ───────┼───┼──┼──────────────▶│   calls that only look
//      │                  └──── listener ──────┼───┼──┼───────────────┤
//      └──── tracer_report, signals ───────────┘   └──┴── stops ──────┘   calls that change, execve(2)
//
// A call that only looks is answered through seccomp's user notifications: one exchange, nothing of
// the caller's memory or registers changes. What makes or changes files is done by the command itself,
// with its own umask and descriptors, on a path that the tracer has put in place of its own.
//
// It is no boundary: paths are read and then used, and a thread that changes one in between, or a
// process that asks the kernel in a way not listed in calls.c, reaches whatever the caller can reach.

#ifndef TRACER_H
#define TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// A path inside and everything below it, and where that lies outside. Both are without symbolic links
// and without a slash at the end, so that the root is "".
struct tracer_mount {
    const char *guest;
    size_t guest_length;
    const char *host;
    size_t host_length;
    bool read_only;
    bool processes; // the host's /proc, which means another process to whoever translates
};

// Programs that an emulator runs: `length` bytes at the beginning of the file, under the mask.
struct tracer_format {
    const uint8_t *magic;
    const uint8_t *mask;
    size_t length;
    const char *interpreter; // inside
};

struct tracer_plan {
    const struct tracer_mount *mounts; // the longest `guest` first; the last one is the root
    size_t mount_count;
    const struct tracer_format *formats;
    size_t format_count;
    const char *scratch; // a directory outside, whose path is short
    bool same_root; // paths inside are paths of whoever translates: only emulators have to be named
    bool foreign_processes; // /proc is another pid namespace's
    bool root_user; // the command is root as far as it can tell
    bool only_errors; // the command reads nothing, and all that it writes is standard error's
    const char *working_directory;
    const char *const *candidates; // where the program may be, in order, ending in NULL
    const char *const *arguments;
    const char *const *environment;
};

enum tracer_stage {
    TRACER_ENDED, // not a failure: `value` is the command's wait status
    TRACER_CHANNEL,
    TRACER_START,
    TRACER_TRACE,
    TRACER_FILTER,
    TRACER_WORKING_DIRECTORY,
    TRACER_NO_PROGRAM, // none of the candidates is there
    TRACER_EXECUTE,
};

struct tracer_report {
    int32_t stage; // enum tracer_stage
    int32_t value; // errno, unless the stage says otherwise
};

struct tracer_process {
    pid_t answerer;
    int channel;
};

// Sets the processes to work. From now until `tracer_finish` the caller's signals are passed on, as
// `sandbox_start` does. Returns 0, or fills `report` and returns -1.
int tracer_start(const struct tracer_plan *plan, struct tracer_process *process,
                 struct tracer_report *report);

// Waits for the report.
void tracer_receive(const struct tracer_process *process, struct tracer_report *report);

// Waits until the processes are gone, and takes the caller's signal dispositions back.
void tracer_finish(struct tracer_process *process);

// Where there is a sandbox with mounts of its own, and yet no binary formats, only what would start a
// foreign program is changed, and nothing else ever stops. Both run in init, an ancestor of whoever calls.
// Of a plan, `mounts`, `formats`, `same_root` and `foreign_processes` count.
//
// The first makes execve(2) and execveat(2) of what init starts from now on wait for the second. Needs
// no_new_privs. Returns the listener, which is readable when a call waits, or -1 with errno.
int tracer_listen_to_executions(void);

// Answers one call, by a `struct tracer_plan`. Returns 0, or -1 with errno where the caller's memory may not
// be read.
int tracer_answer_execution(const void *plan, int listener);

// Removes a directory and all in it that can be removed; follows no link.
void tracer_remove_tree(const char *path);

#endif
