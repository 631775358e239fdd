// SPDX-License-Identifier: MIT OR Apache-2.0
// Numbers of system calls that not every processor has: calls with a directory, or wider ones, take
// their place. -1 is no call's.

#ifndef NUMBERS_H
#define NUMBERS_H

#include <sys/syscall.h>

#ifndef __x86_64__
enum {
    SYS_open = -1, SYS_creat = -1, SYS_stat = -1, SYS_lstat = -1, SYS_access = -1,
    SYS_readlink = -1, SYS_mkdir = -1, SYS_mknod = -1, SYS_rmdir = -1, SYS_unlink = -1,
    SYS_rename = -1, SYS_link = -1, SYS_symlink = -1, SYS_chmod = -1, SYS_chown = -1,
    SYS_lchown = -1, SYS_utime = -1, SYS_utimes = -1, SYS_futimesat = -1,
};
#ifndef SYS_renameat
enum { SYS_renameat = -1 };
#endif
#endif

#endif
