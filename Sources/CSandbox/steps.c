// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: what the plan's steps put into the new root, one after the other, and where in the scratch
// lies what they need.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// The name in scratch of what a step needs there: its index, in letters, and a suffix.
static void scratch_name(char name[32], size_t index, char suffix) {
    size_t length = 0;
    do name[length++] = (char)('a' + index % 26);
    while ((index /= 26) > 0);
    name[length++] = '.';
    name[length++] = suffix;
    name[length] = '\0';
}

int overlay_on_scratch(int lower, int scratch, size_t index, uint64_t attributes) {
    char upper[32], work[32];
    scratch_name(upper, index, 'u');
    scratch_name(work, index, 'w');
    struct overlay overlay = {
        .lower = lower, .above_lower = -1, .scratch = scratch, .upper = upper, .work = work,
    };
    return new_overlay(&overlay, attributes);
}

// What is written to an overlay outlives it for as long as the caller has this open.
static int tell_writes(const struct site *site, size_t index) {
    char upper[32];
    scratch_name(upper, index, 'u');
    int directory = openat(site->scratch, upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    tell_directory(site->channel, SANDBOX_WRITES, (int)index, directory);
    close(directory);
    return 0;
}

static int directory_on_scratch(int scratch, size_t index, const struct sandbox_step *step) {
    char name[32];
    scratch_name(name, index, 'd');
    if (mkdirat(scratch, name, step->mode) < 0) return -1;
    return clone_tree(scratch, name, 0);
}

static int is_directory(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) < 0) return -1;
    return S_ISDIR(status.st_mode);
}

// An empty thing of the same kind as `target`, made by us: nothing that an image has prepared. One of a
// kind is enough, and a clone of its mount has the same attributes.
static int nothing_like(struct site *site, int target, size_t index) {
    int directory = is_directory(target);
    if (directory < 0) return -1;
    if (site->nothing[directory] >= 0)
        return clone_tree(site->nothing[directory], "", AT_EMPTY_PATH);
    char name[32];
    scratch_name(name, index, 'm');
    int made = directory ? mkdirat(site->scratch, name, 0555)
                         : mknodat(site->scratch, name, S_IFREG | 0444, 0);
    if (made < 0) return -1;
    int nothing = clone_tree(site->scratch, name, 0);
    if (nothing < 0 || set_attributes(nothing, 0, site->plan->steps[index].attributes) < 0) return -1;
    site->nothing[directory] = nothing;
    return nothing;
}

static int itself_restricted(int target, uint64_t attributes) {
    int tree = clone_tree(target, "", AT_EMPTY_PATH | AT_RECURSIVE);
    return tree < 0 || set_attributes(tree, AT_RECURSIVE, attributes) < 0 ? -1 : tree;
}

static bool has_source(const struct sandbox_step *step) {
    return step->kind == SANDBOX_STEP_BIND || step->kind == SANDBOX_STEP_OVERLAY;
}

void open_sources(const struct sandbox_plan *plan, int channel) {
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct sandbox_step *step = &plan->steps[i];
        plan->descriptors[i] = -1;
        if (!has_source(step)) continue;
        int source = step->kind == SANDBOX_STEP_BIND
                         ? clone_tree(AT_FDCWD, step->source, AT_RECURSIVE)
                         : open(step->source, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (source < 0 && errno == ENOENT && step->optional) continue;
        if (source < 0) fail(channel, SANDBOX_SOURCE, (int)i);
        plan->descriptors[i] = source;
    }
}

// The mount that a step puts at its target, or -1.
static int mount_of(const struct site *site, size_t index) {
    const struct sandbox_step *step = &site->plan->steps[index];
    int source = site->plan->descriptors[index];
    switch (step->kind) {
    case SANDBOX_STEP_BIND:
        return set_attributes(source, AT_RECURSIVE, step->attributes) < 0 ? -1 : source;
    case SANDBOX_STEP_OVERLAY:
        source = overlay_on_scratch(source, site->scratch, index, step->attributes);
        return source < 0 || (step->told && tell_writes(site, index) < 0) ? -1 : source;
    case SANDBOX_STEP_DIRECTORY:
        source = directory_on_scratch(site->scratch, index, step);
        if (source < 0 || step->attributes == HARMLESS) return source; // as the scratch is
        return set_attributes(source, 0, step->attributes) < 0 ? -1 : source;
    case SANDBOX_STEP_FILESYSTEM:
    case SANDBOX_STEP_BINARY_FORMATS:
        return new_filesystem(step->source, step->attributes);
    default:
        errno = EINVAL;
        return -1;
    }
}

// What the kernel says of a filesystem type that it does not have, or not for a user namespace.
static bool is_unavailable(int error) {
    return error == ENODEV || error == EPERM;
}

static void add_mount(struct site *site, size_t index) {
    const struct sandbox_step *step = &site->plan->steps[index];
    int mount = mount_of(site, index);
    if (mount < 0 && !has_source(step) && step->optional && is_unavailable(errno)) {
        tell(site->channel, SANDBOX_SKIPPED, (int)index, errno);
        return;
    }
    if (mount < 0)
        fail(site->channel, step->kind == SANDBOX_STEP_OVERLAY ? SANDBOX_OVERLAY : SANDBOX_MOUNT,
             (int)index);
    int directory = step->kind == SANDBOX_STEP_BIND ? is_directory(mount) : 1;
    struct place place;
    if (directory < 0 || find_place(&site->places, step->target, directory, &place) < 0 ||
        check_place(&site->places, &place, directory) < 0)
        fail(site->channel, SANDBOX_MOUNT_POINT, (int)index);
    if (attach(mount, place.directory, place.name) < 0)
        fail(site->channel, SANDBOX_MOUNT, (int)index);
    leave_place(&place);
    if (step->kind == SANDBOX_STEP_BINARY_FORMATS) site->plan->descriptors[index] = mount;
    else if (step->kind == SANDBOX_STEP_DIRECTORY) keep_directory(&site->places, step->target, mount);
    else close(mount);
}

// Covers what is at the target already, with itself made read-only or with nothing.
static void change(struct site *site, size_t index) {
    const struct sandbox_step *step = &site->plan->steps[index];
    // A mount of ours needs no cover.
    if (step->kind == SANDBOX_STEP_READ_ONLY && is_kept_directory(&site->places, step->target) &&
        set_attributes(site->places.parent, AT_RECURSIVE, step->attributes) == 0)
        return;
    forget_directory(&site->places);
    int target = open_in_root(site->places.root, step->target, O_PATH);
    if (target < 0 && errno == ENOENT && step->optional) return;
    if (target < 0) fail(site->channel, SANDBOX_MOUNT_POINT, (int)index);
    int cover = step->kind == SANDBOX_STEP_MASK ? nothing_like(site, target, index)
                                                : itself_restricted(target, step->attributes);
    if (cover < 0 || attach(cover, target, "") < 0) fail(site->channel, SANDBOX_MOUNT, (int)index);
    if (cover != site->nothing[0] && cover != site->nothing[1]) close(cover);
    close(target);
}

void perform_step(struct site *site, size_t index) {
    const struct sandbox_step *step = &site->plan->steps[index];
    switch (step->kind) {
    case SANDBOX_STEP_SYMLINK:
        if (make_symlink(&site->places, step->target, step->source) < 0)
            fail(site->channel, SANDBOX_MOUNT_POINT, (int)index);
        break;
    case SANDBOX_STEP_READ_ONLY:
    case SANDBOX_STEP_MASK:
        change(site, index);
        break;
    default:
        if (has_source(step) && site->plan->descriptors[index] < 0) return; // skipped
        add_mount(site, index);
    }
}

static bool needs_mount_point(const struct sandbox_plan *plan, size_t index) {
    switch (plan->steps[index].kind) {
    case SANDBOX_STEP_SYMLINK:
    case SANDBOX_STEP_READ_ONLY:
    case SANDBOX_STEP_MASK: return false;
    default: return !has_source(&plan->steps[index]) || plan->descriptors[index] >= 0;
    }
}

void make_places(const struct sandbox_plan *plan, struct places *places, int channel) {
    for (size_t i = 0; i < plan->step_count; i++) {
        if (!needs_mount_point(plan, i)) continue;
        const struct sandbox_step *step = &plan->steps[i];
        int directory = step->kind == SANDBOX_STEP_BIND ? is_directory(plan->descriptors[i]) : 1;
        struct place place;
        if (find_place(places, step->target, directory != 0, &place) < 0)
            fail(channel, SANDBOX_MOUNT_POINT, (int)i);
        leave_place(&place);
    }
}
