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

// What filters differ in. The bits of a filter's number among all of them.
enum system_call_filter_option {
    FILTER_ALLOWS_SOCKETCALL = 1, // socketcall(2), whose arguments no filter sees, is left alone
    FILTER_EMULATES_ROOT = 2,     // what a single id cannot do succeeds without effect
    FILTER_OPTIONS = 4,           // how many filters there are
};

// Writes the filter with the given options to `instructions`, of which there are BPF_MAXINSNS.
// Returns how many it has, or -1 with errno.
int build_filter(unsigned options, struct sock_filter *instructions);

#endif
