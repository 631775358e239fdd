// SPDX-License-Identifier: MIT OR Apache-2.0
// The system calls that nothing in a sandbox needs, as a program for the kernel.
//
// Only the build of `cross` calls this: what libseccomp makes of the rules depends on nothing that a
// user's machine could add, and takes it a millisecond, a third of what entering a sandbox costs.

#ifndef SYSTEM_CALL_FILTER_H
#define SYSTEM_CALL_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

// The processors that there are filters for, each with the 32-bit calls that it also has.
enum system_call_architecture {
    ARCHITECTURE_X86_64, // and i386
    ARCHITECTURE_ARM64,  // and arm
    ARCHITECTURES,
};

// What filters differ in. The bits of a filter's number among all of them.
enum system_call_filter_option {
    FILTER_ALLOWS_SOCKETCALL = 1, // socketcall(2), whose arguments no filter sees, is left alone
    FILTER_EMULATES_ROOT = 2,     // what a single id cannot do succeeds without effect
    FILTER_ALLOWS_EXTRAS = 4,     // all that a user may allow is allowed
    FILTER_OPTIONS = 8,           // how many filters there are
};

// What a user may allow.
enum system_call_extra {
    EXTRA_PTRACE,
    EXTRA_IO_URING,
    EXTRA_USER_NAMESPACES,
    EXTRA_PERF,
    EXTRAS,
};

// Each writes a program to `instructions`, of which there are BPF_MAXINSNS, and returns how many it
// has, or -1 with errno.

// What is not known to be needed does not exist. Goes on after its last instruction, where another
// program is to be, with what is known.
int build_prefix(enum system_call_architecture, struct sock_filter *instructions);

// Refuses what nothing needs, and what only some arguments make harmless.
int build_filter(enum system_call_architecture, unsigned options, struct sock_filter *instructions);

// Refuses one of the extras, to be loaded beside a filter that allows all of them.
int build_extra_filter(enum system_call_architecture, enum system_call_extra,
                       struct sock_filter *instructions);

// The number of a call in one of an architecture's two interfaces; -1 where it has no such call.
int call_number(enum system_call_architecture, bool is32bit, const char *name);

// The names of all calls that are known, ending in NULL.
extern const char *const known_calls[];

#endif
