// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: who the sandbox is, and what it may no longer do.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written < 0 ? -1 : 0;
}

// user_namespaces(7): a process may map its own ids, one each, if setgroups(2) is given up first.
int write_id_maps(const char *uid_map, const char *gid_map, bool deny_setgroups) {
    if (deny_setgroups && write_file("/proc/self/setgroups", "deny") < 0) return -1;
    if (write_file("/proc/self/uid_map", uid_map) < 0) return -1;
    return write_file("/proc/self/gid_map", gid_map);
}

// The one left is the command's. The filter forbids more of them as well; this is the second lock.
int forbid_further_user_namespaces(void) {
    return write_file("/proc/sys/user/max_user_namespaces", "1");
}

int drop_capabilities(void) {
    // capabilities(7): without these, execve(2) gives uid 0 everything back.
    int bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
               SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
               SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (prctl(PR_SET_SECUREBITS, bits) < 0) return -1;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -1;
    // prctl(2), PR_CAPBSET_DROP, EINVAL: past the last capability this kernel knows.
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability) == 0; capability++) {
    }
    if (errno != EINVAL) return -1;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return (int)syscall(SYS_capset, &header, none);
}
