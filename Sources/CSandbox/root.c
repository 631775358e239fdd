// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: puts the new root together from the plan's steps and moves into it.
//
// Everything that is written, by us or by the command, goes to one tmpfs (`scratch`) which belongs to the
// sandbox's mount namespace and vanishes with it; what the command writes to the root may go to a directory of
// the host instead. It is mounted over the lower directory, the one directory that is sure to exist;
// descriptors opened before still reach what is below.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The lower directory's mount points where it has none, in memory: what is kept of the root is then
// what the command has written, and nothing that we made for it.
static int make_mount_points(const struct sandbox_plan *plan, int lower, int scratch, int channel) {
    struct overlay overlay = {
        .lower = lower, .above_lower = -1, .scratch = scratch, .upper = "points", .work = "work",
    };
    int root = new_overlay(&overlay, HARMLESS);
    struct places places;
    if (root < 0 || begin_places(&places, root) < 0) fail(channel, SANDBOX_ROOT, 0);
    make_places(plan, &places, channel);
    forget_directory(&places);
    close(root);
    return open_in_root(scratch, overlay.upper, O_PATH | O_DIRECTORY);
}

static int empty_root(int scratch) {
    if (mkdirat(scratch, "root", 0755) < 0) return -1;
    int root = clone_tree(scratch, "root", 0);
    return root < 0 || set_attributes(root, 0, HARMLESS) < 0 ? -1 : root;
}

static int own_root(int directory) {
    int root = clone_tree(directory, "", AT_EMPTY_PATH);
    return root < 0 || set_attributes(root, 0, HARMLESS) < 0 ? -1 : root;
}

static int new_root(const struct sandbox_plan *plan, int lower, int scratch, int channel) {
    if (plan->own_root) return own_root(lower);
    if (plan->empty_root) return empty_root(scratch);
    if (!plan->writes) return overlay_on_scratch(lower, scratch, plan->step_count, HARMLESS);
    int writes = open(plan->writes, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (writes < 0) return -1;
    struct overlay overlay = {
        .lower = lower,
        .above_lower = make_mount_points(plan, lower, scratch, channel),
        .scratch = writes,
        .upper = "upper",
        .work = "work",
        .unsynchronised = true,
    };
    return overlay.above_lower < 0 ? -1 : new_overlay(&overlay, HARMLESS);
}

// The new root, attached where the scratch is, and the scratch.
static int mount_root(const struct sandbox_plan *plan, int channel, int *scratch) {
    int lower = open(plan->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (lower < 0) fail(channel, SANDBOX_ROOT, 0);
    *scratch = new_filesystem("tmpfs", HARMLESS);
    if (*scratch < 0 || attach(*scratch, lower, "") < 0) fail(channel, SANDBOX_ROOT, 0);
    int root = new_root(plan, lower, *scratch, channel);
    if (root < 0 || attach(root, *scratch, "") < 0) fail(channel, SANDBOX_ROOT, 0);
    return root;
}

// What switch_root(8) does. No path leads below the root that a process has, nor out of a mount that
// lies over the whole tree, so the old root is there and cannot be reached.
static int cover_root(int root) {
    int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (old < 0 || attach(root, old, "") < 0 || fchdir(root) < 0) return -1;
    close(old);
    return chroot(".");
}

// pivot_root(2), "pivot_root(".", ".")": the old root ends up on top of the new one, and goes.
static void enter_root(const struct sandbox_plan *plan, int root, int channel) {
    if (plan->covering_root) {
        if (cover_root(root) < 0) fail(channel, SANDBOX_PIVOT, 0);
        return;
    }
    if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0) fail(channel, SANDBOX_PIVOT, 0);
    if (syscall(SYS_umount2, ".", 2 /* MNT_DETACH */) < 0) fail(channel, SANDBOX_PIVOT, 0);
    if (chdir("/") < 0) fail(channel, SANDBOX_PIVOT, 0);
}

// binfmt_misc, flag F: the interpreter is opened now, and by the root we have now. Its files belong
// to the caller, who is the command too, so it becomes read-only once it is filled.
static void register_binary_formats(const struct sandbox_plan *plan, int filesystem, int channel) {
    for (int i = 0; plan->binary_formats[i]; i++) {
        int file = openat(filesystem, "register", O_WRONLY | O_CLOEXEC);
        const char *line = plan->binary_formats[i];
        if (file < 0 || write(file, line, strlen(line)) < 0) fail(channel, SANDBOX_BINARY_FORMAT, i);
        close(file);
    }
    if (set_attributes(filesystem, 0, MOUNT_ATTR_RDONLY) < 0)
        fail(channel, SANDBOX_BINARY_FORMAT, 0);
}

void build_root(const struct sandbox_plan *plan, int channel) {
    if (syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        fail(channel, SANDBOX_PROPAGATION, 0);
    open_sources(plan, channel);
    struct site site = {.plan = plan, .channel = channel, .nothing = {-1, -1}};
    int root = mount_root(plan, channel, &site.scratch);
    if (begin_places(&site.places, root) < 0) fail(channel, SANDBOX_ROOT, 0);
    for (size_t i = 0; i < plan->step_count; i++) perform_step(&site, i);
    enter_root(plan, root, channel);
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == SANDBOX_STEP_BINARY_FORMATS && plan->descriptors[i] >= 0)
            register_binary_formats(plan, plan->descriptors[i], channel);
}
