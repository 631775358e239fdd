// SPDX-License-Identifier: MIT OR Apache-2.0
//   sandbox-intruder [NAME [KEY] | --fork | --exchange PATH PATH]
//
// Tries what nothing inside a sandbox may do, and prints what came of it: one line each, a name and
// the name of the error, or "done". NAME is that of an abstract socket of the host, KEY that of its shared
// memory. With --exchange it is outside, and swaps two names until it is killed.

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *name, long result) {
    printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "done");
}

#define TRY(name, ...) say(name, syscall(__VA_ARGS__))

// Pointers are nowhere, so that a call that is let through fails with EFAULT and does no harm.
#define NOWHERE ((void *)1)

static void try_calls(void) {
    TRY("mount", SYS_mount, NOWHERE, NOWHERE, NOWHERE, 0, 0);
    TRY("umount2", SYS_umount2, "/proc", 2);
    TRY("remount", SYS_mount, "none", "/project", 0, 0x1020 /* MS_REMOUNT|MS_BIND */, 0);
    TRY("pivot_root", SYS_pivot_root, NOWHERE, NOWHERE);
    TRY("move_mount", SYS_move_mount, -1, NOWHERE, -1, NOWHERE, 0);
    TRY("open_tree", SYS_open_tree, -100, NOWHERE, 1);
    TRY("mount_setattr", SYS_mount_setattr, -100, NOWHERE, 0, NOWHERE, 32);
    TRY("fsopen", SYS_fsopen, NOWHERE, 0);
    TRY("setns", SYS_setns, 0, 0);
    TRY("keyctl", SYS_keyctl, 1, 0);
    TRY("add_key", SYS_add_key, NOWHERE, NOWHERE, 0, 0, 0);
    TRY("request_key", SYS_request_key, NOWHERE, NOWHERE, 0, 0);
    TRY("bpf", SYS_bpf, 0, NOWHERE, 0);
    TRY("perf_event_open", SYS_perf_event_open, NOWHERE, 0, 0, 0, 0);
    TRY("userfaultfd", SYS_userfaultfd, 1);
    TRY("io_uring_setup", SYS_io_uring_setup, 1, NOWHERE);
    TRY("kexec_load", SYS_kexec_load, 0, 0, 0, 0);
    TRY("init_module", SYS_init_module, NOWHERE, 0, NOWHERE);
    TRY("open_by_handle_at", SYS_open_by_handle_at, -100, NOWHERE, 0);
    TRY("clone3", SYS_clone3, NOWHERE, 88);
    TRY("chroot", SYS_chroot, "/tmp");
    TRY("swapon", SYS_swapon, NOWHERE, 0);
    TRY("process_vm_readv", SYS_process_vm_readv, 1, NOWHERE, 1, NOWHERE, 1, 0);
    TRY("process_vm_writev", SYS_process_vm_writev, 1, NOWHERE, 1, NOWHERE, 1, 0);
    TRY("kcmp", SYS_kcmp, 1, 1, 0, 0, 0);
    TRY("pidfd_getfd", SYS_pidfd_getfd, -1, 0, 0);
    TRY("sethostname", SYS_sethostname, NOWHERE, 1);
    TRY("syslog", SYS_syslog, 3, NOWHERE, 0);
    TRY("quotactl", SYS_quotactl, 0, NOWHERE, 0, NOWHERE);
    TRY("fsmount", SYS_fsmount, -1, 0, 0);
    TRY("name_to_handle_at", SYS_name_to_handle_at, -100, NOWHERE, NOWHERE, NOWHERE, 0);
    TRY("listmount", 458, NOWHERE, NOWHERE, 0, 0);
    TRY("open_tree_attr", 467, -100, NOWHERE, 0, NOWHERE, 0);
    TRY("unheard-of", 1200);
    TRY("reboot", SYS_reboot, 0, 0, 0, 0);
}

static void try_namespaces(void) {
    static const struct { const char *name; int flag; } kinds[] = {
        {"user", CLONE_NEWUSER}, {"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID}, {"net", CLONE_NEWNET},
        {"ipc", CLONE_NEWIPC}, {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char name[32];
        snprintf(name, sizeof name, "unshare-%s", kinds[i].name);
        TRY(name, SYS_unshare, kinds[i].flag);
        snprintf(name, sizeof name, "clone-%s", kinds[i].name);
        long child = syscall(SYS_clone, kinds[i].flag | SIGCHLD, 0, 0, 0, 0);
        if (child == 0) _exit(0);
        say(name, child);
    }
    TRY("unshare-files", SYS_unshare, CLONE_FILES);
}

static void try_terminal(void) {
    TRY("tiocsti", SYS_ioctl, 0, (unsigned long)TIOCSTI, "x");
    TRY("tiocsti-high", SYS_ioctl, 0, (unsigned long)TIOCSTI | 1UL << 32, "x");
    TRY("tioclinux", SYS_ioctl, 0, 0x541CUL, "\3");
    TRY("tioclinux-high", SYS_ioctl, 0, 0x541CUL | 7UL << 40, "\3");
}

static void try_sockets(void) {
    static const struct { const char *name; long family, type, protocol; } sockets[] = {
        {"socket-unix", AF_UNIX, SOCK_STREAM, 0}, {"socket-inet", AF_INET, SOCK_STREAM, 0},
        {"socket-inet6", AF_INET6, SOCK_DGRAM, 0}, {"socket-route", AF_NETLINK, SOCK_RAW, 0},
        {"socket-audit", AF_NETLINK, SOCK_RAW, 9}, {"socket-alg", AF_ALG, SOCK_SEQPACKET, 0},
        {"socket-alg-high", AF_ALG | 1L << 32, SOCK_SEQPACKET, 0},
        {"socket-vsock", AF_VSOCK, SOCK_STREAM, 0}, {"socket-packet", AF_PACKET, SOCK_RAW, 0},
        {"socket-bluetooth", AF_BLUETOOTH, SOCK_RAW, 0}, {"socket-raw", AF_INET, SOCK_RAW, 1},
    };
    for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
        TRY(sockets[i].name, SYS_socket, sockets[i].family, sockets[i].type, sockets[i].protocol);
}

static void try_personalities(void) {
    static const struct { const char *name; unsigned long value; } values[] = {
        {"personality-query", 0xffffffffUL}, {"personality-plain", 0},
        {"personality-no-randomize", ADDR_NO_RANDOMIZE},
        {"personality-exec", READ_IMPLIES_EXEC},
        {"personality-exec-high", READ_IMPLIES_EXEC | 1UL << 32},
        {"personality-exec-top", READ_IMPLIES_EXEC | 1UL << 31},
        {"personality-layout", ADDR_COMPAT_LAYOUT},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        TRY(values[i].name, SYS_personality, values[i].value);
}

static void try_abstract_socket(const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    say("abstract-socket", connect(client, (struct sockaddr *)&address, length));
}

// Init's signals, memory and descriptors; and the process group that the caller shares.
static void try_others(void) {
    char buffer[16];
    signal(SIGTERM, SIG_IGN);
    TRY("environ-1", SYS_openat, -100, "/proc/1/environ", O_RDONLY);
    TRY("memory-1", SYS_openat, -100, "/proc/1/mem", O_RDWR);
    TRY("exe-1", SYS_openat, -100, "/proc/1/exe", O_WRONLY);
    say("exe-link-1", readlink("/proc/1/exe", buffer, sizeof buffer));
    TRY("root-1", SYS_openat, -100, "/proc/1/root", O_RDONLY);
    TRY("ptrace-1", SYS_ptrace, 16 /* PTRACE_ATTACH */, 1, 0, 0);
    TRY("uid-map", SYS_write, open("/proc/self/uid_map", O_WRONLY), "0 0 1", 5);
    TRY("kill-1", SYS_kill, 1, SIGKILL);
    TRY("setuid-other", SYS_setuid, 12345);
    TRY("setgroups", SYS_setgroups, 0, 0);
    TRY("new-privileges", SYS_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
    TRY("ambient", SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0, 0, 0);
    TRY("mknod", SYS_mknodat, -100, "/tmp/disk", 0060600, 0x800);
    pid_t child = fork();
    if (child == 0) {
        TRY("ptrace-self", SYS_ptrace, 0 /* PTRACE_TRACEME */, 0, 0, 0);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

#ifdef __x86_64__
static long call32(long number, long one, long two, long three) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(one), "c"(two), "d"(three)
                     : "memory", "r8", "r9", "r10", "r11");
    errno = result < 0 ? (int)-result : 0;
    return result < 0 ? -1 : result;
}

static void try_other_interfaces(void) {
    say("i386-getpid", call32(20, 0, 0, 0));
    say("i386-mount", call32(21, 1, 1, 1));
    say("i386-unshare-user", call32(310, CLONE_NEWUSER, 0, 0));
    say("i386-keyctl", call32(288, 1, 0, 0));
    say("i386-socketcall", call32(102, 1, 1, 0));
    say("i386-socket-alg", call32(359, AF_ALG, SOCK_SEQPACKET, 0));
    say("i386-tiocsti", call32(54, 0, TIOCSTI, 1));
    say("i386-personality", call32(136, READ_IMPLIES_EXEC, 0, 0));
    TRY("x32-getpid", 0x40000000L + SYS_getpid);
    TRY("x32-mount", 0x40000000L + SYS_mount, 1, 1, 1, 0, 0);
}
#else
static void try_other_interfaces(void) {}
#endif

// The project, which is mounted read-only, and what of the machine can be set through files.
static void try_files(void) {
    TRY("project-setxattr", SYS_setxattr, "/project/file", "user.x", "x", 1, 0);
    TRY("project-truncate", SYS_truncate, "/project/file", 0);
    TRY("project-mkfifo", SYS_mknodat, -100, "/project/pipe", 0010644, 0);
    TRY("project-rename", SYS_renameat2, -100, "/project/file", -100, "/project/other", 0);
    TRY("project-utimes", SYS_utimensat, -100, "/project/file", NULL, 0);
    TRY("project-symlink", SYS_symlinkat, "/tmp", -100, "/project/link");
    TRY("oom-lower", SYS_write, open("/proc/self/oom_score_adj", O_WRONLY), "-1000", 5);
    TRY("set-mm", SYS_prctl, PR_SET_MM, PR_SET_MM_START_CODE, 0, 0, 0);
    TRY("loop-device", SYS_openat, -100, "/dev/loop-control", O_RDWR);
    TRY("fuse", SYS_openat, -100, "/dev/fuse", O_RDWR);
    TRY("kvm", SYS_openat, -100, "/dev/kvm", O_RDWR);
}

// Every environment that /proc shows, for a variable that only processes outside have.
static void look_for_canary(void) {
    bool isFound = false;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes && (entry = readdir(processes));) {
        char path[300], text[1 << 16];
        snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
        int file = open(path, O_RDONLY);
        ssize_t size = file < 0 ? 0 : read(file, text, sizeof text);
        if (size > 0 && memmem(text, (size_t)size, "CANARY=", 7)) isFound = true;
        if (file >= 0) close(file);
    }
    printf("canary %s\n", isFound ? "found" : "absent");
}

// The descriptors that came with us, and where the links of our own lead.
static void look_at_ourselves(void) {
    static const char *const links[] = {"cwd", "root", "exe"};
    long highest = -1;
    for (int descriptor = 0; descriptor < 1024; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0) highest = descriptor;
    printf("descriptors %ld\n", highest + 1);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        char path[32], text[256] = "";
        snprintf(path, sizeof path, "/proc/self/%s", links[i]);
        if (readlink(path, text, sizeof text - 1) > 0) printf("link-%s %s\n", links[i], text);
    }
}

static void try_shared_memory(const char *key) {
    TRY("shared-memory", SYS_shmget, atoi(key), 0, 0);
}

// As many processes as there can be, all gone with us.
static void fork_until_refused(void) {
    long count = 0, child;
    while ((child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) > 0) count++;
    if (child == 0) pause();
    say("fork", child);
    printf("forks %ld\n", count);
}

int main(int count, char **arguments) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    look_at_ourselves();
    if (count > 1 && strcmp(arguments[1], "--fork") == 0) {
        fork_until_refused();
        return 0;
    }
    if (count > 3)
        for (;;) renameat2(AT_FDCWD, arguments[2], AT_FDCWD, arguments[3], 2 /* RENAME_EXCHANGE */);
    look_for_canary();
    if (count > 2) try_shared_memory(arguments[2]);
    try_files();
    try_calls();
    try_namespaces();
    try_terminal();
    try_sockets();
    try_personalities();
    if (count > 1) try_abstract_socket(arguments[1]);
    try_others();
    try_other_interfaces();
}
