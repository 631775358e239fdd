// SPDX-License-Identifier: MIT OR Apache-2.0
// The system calls that take paths, and what in them is a path.
// Source: the man pages, and arch/x86/entry/syscalls/syscall_32.tbl of the kernel for i386's numbers.

#define _GNU_SOURCE
#include "parts.h"
#include "numbers.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>

// Newer than the headers of some distributions; the same on all processors.
enum {
    CALL_OPENAT2 = 437, CALL_FACCESSAT2 = 439, CALL_FCHMODAT2 = 452, CALL_SETXATTRAT = 463,
    CALL_GETXATTRAT = 464, CALL_LISTXATTRAT = 465, CALL_REMOVEXATTRAT = 466,
    CALL_FILE_GETATTR = 468, CALL_FILE_SETATTR = 469, CALL_IO_URING_SETUP = 425,
};

#define NONE {-1, -1, TRACER_LOOKS, false}
#define LOOKS(directory, path) {directory, path, TRACER_LOOKS, false}
#define LOOKS_ITSELF(directory, path) {directory, path, TRACER_LOOKS, true}
#define CHANGES(directory, path) {directory, path, TRACER_CHANGES, false}
#define CHANGES_ITSELF(directory, path) {directory, path, TRACER_CHANGES, true}
#define REMOVES(directory, path) {directory, path, TRACER_REMOVES, true}
#define MAKES(directory, path) {directory, path, TRACER_MAKES, true}

#define ANSWERED(native, i386, operation, ...)                                                     \
    {native, i386, operation, false, __VA_ARGS__, NONE, .flags = -1}
#define ANSWERED_WITH_FLAGS(native, i386, operation, argument, position, ...)                      \
    {native, i386, operation, false, argument, NONE, .flags = position, __VA_ARGS__}
#define TRACED(native, i386, argument) {native, i386, TRACER_PATHS, true, argument, NONE, .flags = -1}
#define TRACED_TWICE(native, i386, one, other)                                                     \
    {native, i386, TRACER_PATHS, true, one, other, .flags = -1}
#define TRACED_WITH_FLAGS(native, i386, argument, position, ...)                                   \
    {native, i386, TRACER_PATHS, true, argument, NONE, .flags = position, __VA_ARGS__}
#define REFUSED(native, i386, number)                                                              \
    {native, i386, TRACER_REFUSED, true, NONE, NONE, .flags = -1, .error = number}

#define A(directory, path) LOOKS(directory, path)

// O_TMPFILE holds O_DIRECTORY; the other bit is what tells it. A descriptor of O_PATH cannot be given to
// another process.
enum {
    COMMANDS_FLAGS = O_CREAT | (O_TMPFILE & ~O_DIRECTORY) | O_PATH,
    NOT_FOLLOWED = AT_SYMLINK_NOFOLLOW,
};

const struct tracer_call tracer_calls[] = {
    ANSWERED_WITH_FLAGS(SYS_openat, 295, TRACER_OPEN, A(0, 1), 2, .itself_flag = O_NOFOLLOW,
                        .traced_flags = COMMANDS_FLAGS),
    ANSWERED_WITH_FLAGS(SYS_open, 5, TRACER_OPEN, A(-1, 0), 1, .itself_flag = O_NOFOLLOW,
                        .traced_flags = COMMANDS_FLAGS),
    // stat(2), AT_EMPTY_PATH: how C libraries ask about a descriptor, after every open.
    ANSWERED_WITH_FLAGS(SYS_newfstatat, 300, TRACER_STATUS, A(0, 1), 3, .itself_flag = NOT_FOLLOWED,
                        .native_flags = AT_EMPTY_PATH),
    ANSWERED_WITH_FLAGS(SYS_statx, 383, TRACER_EXTENDED_STATUS, A(0, 1), 2,
                        .itself_flag = NOT_FOLLOWED, .native_flags = AT_EMPTY_PATH),
    ANSWERED(SYS_stat, 195, TRACER_STATUS, A(-1, 0)),
    ANSWERED(SYS_lstat, 196, TRACER_STATUS, LOOKS_ITSELF(-1, 0)),
    ANSWERED(SYS_access, 33, TRACER_ACCESS, A(-1, 0)),
    ANSWERED(SYS_faccessat, 307, TRACER_ACCESS, A(0, 1)),
    ANSWERED_WITH_FLAGS(CALL_FACCESSAT2, 439, TRACER_ACCESS, A(0, 1), 3,
                        .itself_flag = NOT_FOLLOWED, .native_flags = AT_EMPTY_PATH),
    ANSWERED(SYS_readlink, 85, TRACER_READ_LINK, LOOKS_ITSELF(-1, 0)),
    ANSWERED(SYS_readlinkat, 305, TRACER_READ_LINK, LOOKS_ITSELF(0, 1)),
    ANSWERED(SYS_getcwd, 183, TRACER_WORKING_DIRECTORY_NAME, NONE),
    ANSWERED(SYS_statfs, -1, TRACER_FILESYSTEM_STATUS, A(-1, 0)),
    ANSWERED(SYS_getxattr, 229, TRACER_ATTRIBUTE, A(-1, 0)),
    ANSWERED(SYS_lgetxattr, 230, TRACER_ATTRIBUTE, LOOKS_ITSELF(-1, 0)),
    ANSWERED(SYS_listxattr, 232, TRACER_ATTRIBUTE_LIST, A(-1, 0)),
    ANSWERED(SYS_llistxattr, 233, TRACER_ATTRIBUTE_LIST, LOOKS_ITSELF(-1, 0)),

    {SYS_execve, 11, TRACER_EXECUTION, true, A(-1, 0), NONE, .flags = -1},
    {SYS_execveat, 358, TRACER_EXECUTION, true, A(0, 1), NONE, .flags = 4,
     .itself_flag = NOT_FOLLOWED},
    TRACED(SYS_chdir, 12, A(-1, 0)),
    {SYS_creat, 8, TRACER_OPEN, true, A(-1, 0), NONE, .flags = -1},
    TRACED(SYS_mkdir, 39, MAKES(-1, 0)),
    TRACED(SYS_mkdirat, 296, MAKES(0, 1)),
    TRACED(SYS_mknod, 14, MAKES(-1, 0)),
    TRACED(SYS_mknodat, 297, MAKES(0, 1)),
    TRACED(SYS_rmdir, 40, REMOVES(-1, 0)),
    TRACED(SYS_unlink, 10, REMOVES(-1, 0)),
    TRACED(SYS_unlinkat, 301, REMOVES(0, 1)),
    TRACED_TWICE(SYS_rename, 38, REMOVES(-1, 0), REMOVES(-1, 1)),
    TRACED_TWICE(SYS_renameat, 302, REMOVES(0, 1), REMOVES(2, 3)),
    TRACED_TWICE(SYS_renameat2, 353, REMOVES(0, 1), REMOVES(2, 3)),
    TRACED_TWICE(SYS_link, 9, LOOKS_ITSELF(-1, 0), MAKES(-1, 1)),
    {SYS_linkat, 303, TRACER_PATHS, true, LOOKS_ITSELF(0, 1), MAKES(2, 3), .flags = 4,
     .follows_flag = AT_SYMLINK_FOLLOW},
    TRACED(SYS_symlink, 83, MAKES(-1, 1)),
    TRACED(SYS_symlinkat, 304, MAKES(1, 2)),
    TRACED(SYS_chmod, 15, CHANGES(-1, 0)),
    TRACED(SYS_fchmodat, 306, CHANGES(0, 1)),
    TRACED_WITH_FLAGS(CALL_FCHMODAT2, 452, CHANGES(0, 1), 3, .itself_flag = NOT_FOLLOWED),
    TRACED(SYS_chown, 212, CHANGES(-1, 0)),
    TRACED(SYS_lchown, 198, CHANGES_ITSELF(-1, 0)),
    TRACED_WITH_FLAGS(SYS_fchownat, 298, CHANGES(0, 1), 4, .itself_flag = NOT_FOLLOWED),
    TRACED(SYS_utime, 30, CHANGES(-1, 0)),
    TRACED(SYS_utimes, 271, CHANGES(-1, 0)),
    TRACED(SYS_futimesat, 299, CHANGES(0, 1)),
    TRACED_WITH_FLAGS(SYS_utimensat, 320, CHANGES(0, 1), 3, .itself_flag = NOT_FOLLOWED),
    TRACED(SYS_truncate, 92, CHANGES(-1, 0)),
    TRACED(SYS_setxattr, 226, CHANGES(-1, 0)),
    TRACED(SYS_lsetxattr, 227, CHANGES_ITSELF(-1, 0)),
    TRACED(SYS_removexattr, 235, CHANGES(-1, 0)),
    TRACED(SYS_lremovexattr, 236, CHANGES_ITSELF(-1, 0)),
    TRACED_WITH_FLAGS(SYS_inotify_add_watch, 292, A(-1, 1), 2, .itself_flag = IN_DONT_FOLLOW),
    {SYS_bind, 361, TRACER_SOCKET_ADDRESS, true, MAKES(-1, 1), NONE, .flags = -1},
    {SYS_connect, 362, TRACER_SOCKET_ADDRESS, true, A(-1, 1), NONE, .flags = -1},

    // Programs have another way, or can do without; io_uring opens files where no filter sees it.
    REFUSED(CALL_OPENAT2, 437, ENOSYS),
    REFUSED(CALL_IO_URING_SETUP, 425, ENOSYS),
    REFUSED(CALL_SETXATTRAT, 463, ENOSYS),
    REFUSED(CALL_GETXATTRAT, 464, ENOSYS),
    REFUSED(CALL_LISTXATTRAT, 465, ENOSYS),
    REFUSED(CALL_REMOVEXATTRAT, 466, ENOSYS),
    REFUSED(CALL_FILE_GETATTR, 468, ENOSYS),
    REFUSED(CALL_FILE_SETATTR, 469, ENOSYS),
    REFUSED(SYS_name_to_handle_at, 341, EOPNOTSUPP),
    REFUSED(SYS_chroot, 61, EPERM),
    REFUSED(SYS_mount, 21, EPERM),
    REFUSED(SYS_pivot_root, 217, EPERM),
};

const size_t tracer_call_count = sizeof tracer_calls / sizeof *tracer_calls;
