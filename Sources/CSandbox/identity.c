// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: who the sandbox is, and what it may no longer do.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdbool.h>
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

// Those inside ours. The filter forbids more of them as well; this is the second lock.
int limit_user_namespaces(const char *count) {
    return write_file("/proc/sys/user/max_user_namespaces", count);
}

static bool is_among(const int *capabilities, size_t count, int capability) {
    for (size_t i = 0; i < count; i++)
        if (capabilities[i] == capability) return true;
    return false;
}

static int limit_capabilities(const int *kept, size_t count) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -1;
    for (int capability = 0;; capability++) {
        if (is_among(kept, count, capability) || prctl(PR_CAPBSET_DROP, capability) == 0) continue;
        if (errno == EINVAL) break; // past the last capability that this kernel knows
        return -1;
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {{0}};
    for (size_t i = 0; i < count; i++) {
        sets[CAP_TO_INDEX(kept[i])].effective |= CAP_TO_MASK(kept[i]);
        sets[CAP_TO_INDEX(kept[i])].permitted |= CAP_TO_MASK(kept[i]);
    }
    return (int)syscall(SYS_capset, &header, sets);
}

int drop_capabilities(void) {
    // capabilities(7): without these, execve(2) gives uid 0 everything back.
    int bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
               SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
               SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (prctl(PR_SET_SECUREBITS, bits) < 0) return -1;
    return limit_capabilities(NULL, 0);
}

// What it takes to install packages, over files whose ids the namespace has: of what container
// engines leave to root, that which is not about networks and devices. No mount is among it.
int keep_root_capabilities(void) {
    static const int kept[] = {
        CAP_CHOWN,  CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID,     CAP_KILL,
        CAP_SETGID, CAP_SETUID,       CAP_SETFCAP, CAP_SYS_CHROOT,
    };
    return limit_capabilities(kept, sizeof kept / sizeof *kept);
}
