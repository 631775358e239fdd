// SPDX-License-Identifier: MIT OR Apache-2.0
// The system calls that programs are known to need, and those that are refused with a better answer
// than that they do not exist. Everything else, and whatever kernels will have, does not exist: to
// that, programs have another way, for it is what an older kernel says.

#define _GNU_SOURCE
#include "include/system_call_filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

// What Docker's filter allows, less what no program of these days calls and what describes mounts and
// handles of files; and what the rules of the other programs decide about.
const char *const known_calls[] = {
    "_llseek", "_newselect", "accept", "accept4", "access", "acct", "add_key", "adjtimex", "alarm",
    "arch_prctl", "arm_fadvise64_64", "arm_sync_file_range", "bind", "bpf", "breakpoint", "brk",
    "cacheflush", "cachestat", "capget", "capset", "chdir", "chmod", "chown", "chown32", "chroot",
    "clock_adjtime", "clock_adjtime64", "clock_getres", "clock_getres_time64", "clock_gettime",
    "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64", "clock_settime",
    "clock_settime64", "clone", "clone3", "close", "close_range", "connect", "copy_file_range",
    "creat", "delete_module", "dup", "dup2", "dup3", "epoll_create", "epoll_create1", "epoll_ctl",
    "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "execve", "execveat",
    "exit", "exit_group", "faccessat", "faccessat2", "fadvise64", "fadvise64_64", "fallocate",
    "fchdir", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat", "fcntl",
    "fcntl64", "fdatasync", "fgetxattr", "finit_module", "flistxattr", "flock", "fork",
    "fremovexattr", "fsconfig", "fsetxattr", "fsmount", "fsopen", "fspick", "fstat", "fstat64",
    "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64", "futex",
    "futex_requeue", "futex_time64", "futex_wait", "futex_waitv", "futex_wake", "futimesat",
    "get_robust_list", "get_thread_area", "getcpu", "getcwd", "getdents", "getdents64", "getegid",
    "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups", "getgroups32",
    "getitimer", "getpeername", "getpgid", "getpgrp", "getpid", "getppid", "getpriority",
    "getrandom", "getresgid", "getresgid32", "getresuid", "getresuid32", "getrlimit", "getrusage",
    "getsid", "getsockname", "getsockopt", "gettid", "gettimeofday", "getuid", "getuid32",
    "getxattr", "getxattrat", "init_module", "inotify_add_watch", "inotify_init", "inotify_init1",
    "inotify_rm_watch", "io_cancel", "io_destroy", "io_getevents", "io_pgetevents",
    "io_pgetevents_time64", "io_setup", "io_submit", "io_uring_enter", "io_uring_register",
    "io_uring_setup", "ioctl", "ioperm", "iopl", "ioprio_get", "ioprio_set", "ipc", "kcmp",
    "kexec_file_load", "kexec_load", "keyctl", "kill", "landlock_add_rule",
    "landlock_create_ruleset", "landlock_restrict_self", "lchown", "lchown32", "lgetxattr", "link",
    "linkat", "listen", "listxattr", "listxattrat", "llistxattr", "lremovexattr", "lseek",
    "lsetxattr", "lstat", "lstat64", "madvise", "map_shadow_stack", "membarrier", "memfd_create",
    "mincore", "mkdir", "mkdirat", "mknod", "mknodat", "mlock", "mlock2", "mlockall", "mmap",
    "mmap2", "modify_ldt", "mount", "mount_setattr", "move_mount", "mprotect", "mq_getsetattr",
    "mq_notify", "mq_open", "mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend",
    "mq_timedsend_time64", "mq_unlink", "mremap", "mseal", "msgctl", "msgget", "msgrcv", "msgsnd",
    "msync", "munlock", "munlockall", "munmap", "nanosleep", "newfstatat", "open",
    "open_by_handle_at", "open_tree", "openat", "openat2", "pause", "perf_event_open",
    "personality", "pidfd_getfd", "pidfd_open", "pidfd_send_signal", "pipe", "pipe2", "pivot_root",
    "pkey_alloc", "pkey_free", "pkey_mprotect", "poll", "ppoll", "ppoll_time64", "prctl", "pread64",
    "preadv", "preadv2", "prlimit64", "process_vm_readv", "process_vm_writev", "pselect6",
    "pselect6_time64", "ptrace", "pwrite64", "pwritev", "pwritev2", "quotactl", "quotactl_fd",
    "read", "readahead", "readlink", "readlinkat", "readv", "reboot", "recv", "recvfrom",
    "recvmmsg", "recvmmsg_time64", "recvmsg", "removexattr", "removexattrat", "rename", "renameat",
    "renameat2", "request_key", "restart_syscall", "rmdir", "rseq", "rt_sigaction", "rt_sigpending",
    "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
    "rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "sched_get_priority_max",
    "sched_get_priority_min", "sched_getaffinity", "sched_getattr", "sched_getparam",
    "sched_getscheduler", "sched_rr_get_interval", "sched_rr_get_interval_time64",
    "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler", "sched_yield",
    "seccomp", "select", "semctl", "semget", "semop", "semtimedop", "semtimedop_time64", "send",
    "sendfile", "sendfile64", "sendmmsg", "sendmsg", "sendto", "set_robust_list", "set_thread_area",
    "set_tid_address", "set_tls", "setdomainname", "setfsgid", "setfsgid32", "setfsuid",
    "setfsuid32", "setgid", "setgid32", "setgroups", "setgroups32", "sethostname", "setitimer",
    "setns", "setpgid", "setpriority", "setregid", "setregid32", "setresgid", "setresgid32",
    "setresuid", "setresuid32", "setreuid", "setreuid32", "setrlimit", "setsid", "setsockopt",
    "settimeofday", "setuid", "setuid32", "setxattr", "setxattrat", "shmat", "shmctl", "shmdt",
    "shmget", "shutdown", "sigaltstack", "signalfd", "signalfd4", "sigprocmask", "sigreturn",
    "socket", "socketcall", "socketpair", "splice", "stat", "stat64", "statfs", "statfs64", "statx",
    "stime", "swapoff", "swapon", "symlink", "symlinkat", "sync", "sync_file_range",
    "syncfs", "sysinfo", "syslog", "tee", "tgkill", "time", "timer_create",
    "timer_delete", "timer_getoverrun", "timer_gettime", "timer_gettime64", "timer_settime",
    "timer_settime64", "timerfd_create", "timerfd_gettime", "timerfd_gettime64", "timerfd_settime",
    "timerfd_settime64", "times", "tkill", "truncate", "truncate64", "ugetrlimit", "umask",
    "umount", "umount2", "uname", "unlink", "unlinkat", "unshare", "userfaultfd",
    "utime", "utimensat", "utimensat_time64", "utimes", "vfork", "vhangup", "vm86", "vm86old",
    "vmsplice", "wait4", "waitid", "waitpid", "write", "writev",
    NULL,
};

// Calls that libseccomp may be too old for. Since 424 each has one number everywhere.
static const struct { const char *name; int number; } recent[] = {
    {"cachestat", 451}, {"fchmodat2", 452}, {"map_shadow_stack", 453}, {"futex_wake", 454},
    {"futex_wait", 455}, {"futex_requeue", 456}, {"mseal", 462}, {"setxattrat", 463},
    {"getxattrat", 464}, {"listxattrat", 465}, {"removexattrat", 466},
};

// i386 has these by themselves since Linux 4.3 and 5.1; libseccomp takes their names for parts of
// socketcall(2) and ipc(2).
static const char *const direct_sockets[] = { // from 359
    "socket",      "socketpair",  "bind",   "connect", "listen",   "accept4", "getsockopt", "setsockopt",
    "getsockname", "getpeername", "sendto", "sendmsg", "recvfrom", "recvmsg", "shutdown",
};
static const char *const direct_ipc[] = { // from 393
    "semget", "semctl", "shmget", "shmctl", "shmat", "shmdt", "msgget", "msgsnd", "msgrcv", "msgctl",
};

static int direct_number(const char *name) {
    for (size_t i = 0; i < sizeof direct_sockets / sizeof *direct_sockets; i++)
        if (strcmp(direct_sockets[i], name) == 0) return 359 + (int)i;
    for (size_t i = 0; i < sizeof direct_ipc / sizeof *direct_ipc; i++)
        if (strcmp(direct_ipc[i], name) == 0) return 393 + (int)i;
    return -1;
}

static uint32_t interface(enum system_call_architecture architecture, bool is32bit) {
    static const uint32_t interfaces[ARCHITECTURES][2] = {
        {SCMP_ARCH_X86_64, SCMP_ARCH_X86},
        {SCMP_ARCH_AARCH64, SCMP_ARCH_ARM},
    };
    return interfaces[architecture][is32bit];
}

int call_number(enum system_call_architecture architecture, bool is32bit, const char *name) {
    int number = seccomp_syscall_resolve_name_arch(interface(architecture, is32bit), name);
    if (number >= 0) return number;
    if (architecture == ARCHITECTURE_X86_64 && is32bit && direct_number(name) >= 0)
        return direct_number(name);
    for (size_t i = 0; i < sizeof recent / sizeof *recent; i++)
        if (strcmp(recent[i].name, name) == 0) return recent[i].number;
    return -1;
}

enum { CALLS = sizeof known_calls / sizeof *known_calls };

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

// Where numbers begin to be known and cease to be, by turns, ascending; how many.
static size_t find_bounds(enum system_call_architecture architecture, bool is32bit,
                          uint32_t bounds[2 * CALLS]) {
    uint32_t numbers[CALLS];
    size_t count = 0, length = 0;
    for (size_t i = 0; known_calls[i]; i++) {
        int number = call_number(architecture, is32bit, known_calls[i]);
        if (number >= 0) numbers[count++] = (uint32_t)number;
    }
    qsort(numbers, count, sizeof *numbers, compare);
    for (size_t i = 0; i < count; i++) {
        if (length > 0 && numbers[i] <= bounds[length - 1]) {
            bounds[length - 1] = numbers[i] + 1;
            continue;
        }
        bounds[length++] = numbers[i];
        bounds[length++] = numbers[i] + 1;
    }
    return length;
}

// A search by halves; every leaf is the answer, or a jump that `finish` completes.
static size_t add_search(const uint32_t *bounds, size_t from, size_t to, struct sock_filter *out) {
    if (from == to) {
        bool isKnown = from % 2 == 1;
        *out = isKnown ? (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0)
                       : (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_ERRNO(ENOSYS));
        return 1;
    }
    size_t middle = (from + to) / 2;
    size_t lower = add_search(bounds, from, middle, out + 2);
    out[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, bounds[middle], 0, 1);
    out[1] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)lower);
    return 2 + lower + add_search(bounds, middle + 1, to, out + 2 + lower);
}

// The search for one interface, which a program for another one passes by.
static size_t add_interface(enum system_call_architecture architecture, bool is32bit,
                            struct sock_filter *out) {
    uint32_t bounds[2 * CALLS];
    size_t count = find_bounds(architecture, is32bit, bounds);
    size_t length = add_search(bounds, 0, count, out + 4);
    out[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                          offsetof(struct seccomp_data, arch));
    out[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                          interface(architecture, is32bit), 1, 0);
    out[2] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)length + 1);
    out[3] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                          offsetof(struct seccomp_data, nr));
    return 4 + length;
}

int build_prefix(enum system_call_architecture architecture, struct sock_filter *instructions) {
    size_t length = add_interface(architecture, false, instructions);
    length += add_interface(architecture, true, instructions + length);
    for (size_t i = 0; i < length; i++)
        if (instructions[i].code == (BPF_JMP | BPF_JA) && instructions[i].k == 0)
            instructions[i].k = (uint32_t)(length - i - 1);
    return (int)length;
}
