// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in place of the command: tries what nothing inside may do, and tells what came of each. Pointers
// are nowhere and descriptors nobody's, so that a call that is let through does no harm.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOWHERE = 1, NOBODY = -1, PTRACE_ATTACH_REQUEST = 16, AUDIT = 9 };

static const struct {
    const char *name;
    long call, arguments[5];
} attempts[] = {
    {"mount", SYS_mount, {NOWHERE, NOWHERE, NOWHERE, 0, 0}},
    {"umount", SYS_umount2, {(long)"/proc", 0}},
    {"pivot_root", SYS_pivot_root, {NOWHERE, NOWHERE}},
    {"move_mount", SYS_move_mount, {NOBODY, NOWHERE, NOBODY, NOWHERE, 0}},
    {"open_tree", SYS_open_tree, {NOBODY, NOWHERE, 1}},
    {"fsopen", SYS_fsopen, {NOWHERE, 0}},
    {"chroot", SYS_chroot, {(long)"/proc"}},
    {"setns", SYS_setns, {NOBODY, 0}},
    {"new user namespace", SYS_unshare, {CLONE_NEWUSER}},
    {"new mount namespace", SYS_unshare, {CLONE_NEWNS}},
    {"new network namespace", SYS_unshare, {CLONE_NEWNET}},
    {"clone3", SYS_clone3, {NOWHERE, 88}},
    {"session keyring", SYS_keyctl, {1, 0}},
    {"add_key", SYS_add_key, {NOWHERE, NOWHERE, 0, 0, 0}},
    {"bpf", SYS_bpf, {0, NOWHERE, 0}},
    {"perf_event_open", SYS_perf_event_open, {NOWHERE, 0, 0, 0, 0}},
    {"userfaultfd", SYS_userfaultfd, {~0L}},
    {"io_uring", SYS_io_uring_setup, {1, NOWHERE}},
    {"kexec", SYS_kexec_load, {0, ~0L, NOWHERE, 0}},
    {"kernel module", SYS_init_module, {NOWHERE, 0, NOWHERE}},
    {"open_by_handle_at", SYS_open_by_handle_at, {NOBODY, NOWHERE, 0}},
    {"trace PID 1", SYS_ptrace, {PTRACE_ATTACH_REQUEST, 1, 0, 0}},
    {"read PID 1's memory", SYS_process_vm_readv, {1, NOWHERE, 1, NOWHERE, 1}},
    {"take a descriptor of another", SYS_pidfd_getfd, {NOBODY, 0, 0}},
    {"reboot", SYS_reboot, {0, 0, 0, 0}},
    {"swapon", SYS_swapon, {NOWHERE, 0}},
    {"quotactl", SYS_quotactl, {0, NOWHERE, 0, NOWHERE}},
    {"settimeofday", SYS_settimeofday, {NOWHERE, NOWHERE}},
    {"sethostname", SYS_sethostname, {NOWHERE, 1}},
    {"socket AF_ALG", SYS_socket, {AF_ALG, SOCK_SEQPACKET, 0}},
    {"socket AF_VSOCK", SYS_socket, {AF_VSOCK, SOCK_STREAM, 0}},
    {"socket AF_PACKET", SYS_socket, {AF_PACKET, SOCK_RAW, 0}},
    {"socket for audit", SYS_socket, {AF_NETLINK, SOCK_RAW, AUDIT}},
    {"type into the terminal", SYS_ioctl, {NOBODY, TIOCSTI, NOWHERE}},
    {"personality", SYS_personality, {READ_IMPLIES_EXEC}},
    {"disk device", SYS_mknodat, {AT_FDCWD, (long)"/tmp/disk", S_IFBLK | 0600, 0x800}},
    {"PID 1's environment", SYS_openat, {AT_FDCWD, (long)"/proc/1/environ", O_RDONLY}},
    {"PID 1's program", SYS_openat, {AT_FDCWD, (long)"/proc/1/exe", O_WRONLY}},
    {"kernel settings", SYS_openat, {AT_FDCWD, (long)"/proc/sys/kernel/core_pattern", O_WRONLY}},
    {"PID 1's memory, written", SYS_openat, {AT_FDCWD, (long)"/proc/1/mem", O_RDWR}},
};

const char *sandbox_attempt_name(int index) {
    return attempts[index].name;
}

void make_attempts(int channel) {
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        const long *arguments = attempts[i].arguments;
        long result = syscall(attempts[i].call, arguments[0], arguments[1], arguments[2],
                              arguments[3], arguments[4]);
        tell(channel, SANDBOX_ATTEMPTED, (int)i, result < 0 ? errno : 0);
    }
}
