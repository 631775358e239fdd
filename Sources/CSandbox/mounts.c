// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: mounts as descriptors, from the first call to the last, so that no path is looked up
// twice and nothing that happens to a path in between matters.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int close_with_errno(int descriptor) {
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int clone_tree(int directory, const char *path, unsigned flags) {
    return (int)syscall(SYS_open_tree, directory, path, flags | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

int set_attributes(int tree, unsigned flags, uint64_t attributes) {
    struct mount_attr change = {.attr_set = attributes};
    return (int)syscall(SYS_mount_setattr, tree, "", flags | AT_EMPTY_PATH, &change, sizeof change);
}

int attach(int tree, int directory, const char *name) {
    return (int)syscall(SYS_move_mount, tree, "", directory, name,
                        MOVE_MOUNT_F_EMPTY_PATH | (*name ? 0 : MOVE_MOUNT_T_EMPTY_PATH));
}

static int set_string(int context, const char *key, const char *value) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}

static int create_mount(int context, uint64_t attributes) {
    if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) return -1;
    return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
}

int new_filesystem(const char *type, uint64_t attributes) {
    int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    // devpts: anybody inside may open a terminal pair; elsewhere the defaults are right.
    if (strcmp(type, "devpts") == 0 && set_string(context, "ptmxmode", "0666") < 0)
        return close_with_errno(context);
    int mount = create_mount(context, attributes);
    close_with_errno(context);
    return mount;
}

// Adds "/proc/self/fd/N", and a name below it, to `path`. Overlay takes paths and gives `:`, `,` and
// `\` a meaning; this path has none of them, whatever the directory is called.
static char *append_path(char *path, int descriptor, const char *name) {
    char digits[12];
    size_t count = 0;
    do digits[count++] = (char)('0' + descriptor % 10);
    while ((descriptor /= 10) > 0);
    char *end = stpcpy(path, "/proc/self/fd/");
    while (count > 0) *end++ = digits[--count];
    if (*name) *end++ = '/';
    return stpcpy(end, name);
}

static int set_lower(int context, const struct overlay *overlay) {
    char paths[128];
    char *end = paths;
    if (overlay->above_lower >= 0) end = stpcpy(append_path(end, overlay->above_lower, ""), ":");
    append_path(end, overlay->lower, "");
    return set_string(context, "lowerdir", paths);
}

static int set_path(int context, const char *key, int directory, const char *name) {
    char path[64];
    append_path(path, directory, name);
    return set_string(context, key, path);
}

static int set_flag(int context, const char *key) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, key, NULL, 0);
}

int new_overlay(const struct overlay *overlay, uint64_t attributes) {
    if (mkdirat(overlay->scratch, overlay->upper, 0755) < 0) return -1;
    if (mkdirat(overlay->scratch, overlay->work, 0755) < 0) return -1;
    int context = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    if (set_lower(context, overlay) < 0 ||
        set_path(context, "upperdir", overlay->scratch, overlay->upper) < 0 ||
        set_path(context, "workdir", overlay->scratch, overlay->work) < 0)
        return close_with_errno(context);
    // overlayfs: without privilege over the whole system, its notes are user.* attributes.
    if (set_flag(context, "userxattr") < 0) return close_with_errno(context);
    // Linux 5.10; before, it is only slower.
    if (overlay->unsynchronised) set_flag(context, "volatile");
    int mount = create_mount(context, attributes);
    close_with_errno(context);
    return mount;
}
