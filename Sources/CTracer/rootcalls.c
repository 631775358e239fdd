// SPDX-License-Identifier: MIT OR Apache-2.0
// The calls that are answered without being made where the command is root as far as it can tell: whoever
// installs packages wants to be root and to give files to others, and where there is one user, all are his.
// Source: the sandbox's filter for root, and arch/x86/entry/syscalls/syscall_32.tbl for i386's numbers.

#define _GNU_SOURCE
#include "parts.h"
#include "numbers.h"

const struct tracer_root_call tracer_root_calls[] = {
    {SYS_chown, 182}, {-1, 212}, {SYS_fchown, 95}, {-1, 207}, {SYS_lchown, 16}, {-1, 198},
    {SYS_fchownat, 298},
    {SYS_setuid, 23}, {-1, 213}, {SYS_setgid, 46}, {-1, 214}, {SYS_setreuid, 70}, {-1, 203},
    {SYS_setregid, 71}, {-1, 204}, {SYS_setresuid, 164}, {-1, 208}, {SYS_setresgid, 170}, {-1, 210},
    {SYS_setfsuid, 138}, {-1, 215}, {SYS_setfsgid, 139}, {-1, 216}, {SYS_setgroups, 81}, {-1, 206},
    {SYS_capset, 185},
    // All of these are 0: the user, the group, and the number of further groups.
    {SYS_getuid, 24}, {-1, 199}, {SYS_geteuid, 49}, {-1, 201}, {SYS_getgid, 47}, {-1, 200},
    {SYS_getegid, 50}, {-1, 202}, {SYS_getgroups, 80}, {-1, 205},
};

const size_t tracer_root_call_count = sizeof tracer_root_calls / sizeof *tracer_root_calls;
