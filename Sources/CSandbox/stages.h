// SPDX-License-Identifier: MIT OR Apache-2.0
// What the stages of a start hand each other. Between clone(2) and execve(2) only async-signal-safe
// calls are made: the caller may have had other threads, and their locks stay locked in the copy.

#ifndef STAGES_H
#define STAGES_H

#include "include/channel.h"
#include "include/execution.h"
#include "include/forwarding.h"
#include "include/sandbox.h"
#include "include/scope.h"

#include <stdnoreturn.h>

// spawn.c: in any process of the sandbox, to the caller.
void tell(int channel, enum sandbox_stage stage, int index, int value);
void tell_directory(int channel, enum sandbox_stage stage, int index, int directory);
noreturn void fail(int channel, enum sandbox_stage stage, int index); // with errno

// init.c: PID 1, from its first instruction to its last.
noreturn void run_init(const struct sandbox_plan *plan, int channel, bool handlers_are_reset);

// identity.c: in init.
int write_id_maps(const char *uid_map, const char *gid_map, bool deny_setgroups);
int limit_user_namespaces(const char *count);
int drop_capabilities(void);
int keep_root_capabilities(void);

// root.c: in init. `build_root` ends with the new root as the root.
void build_root(const struct sandbox_plan *plan, int channel);

// The directories of an overlay. Of `scratch` it has two, which are made.
struct overlay {
    int lower;
    int above_lower; // -1: `lower` is the only one
    int scratch;
    const char *upper;
    const char *work;
    bool unsynchronised; // what is not whole after a power cut is thrown away
};

// mounts.c: in init. Each returns a descriptor, or -1 with errno.
int clone_tree(int directory, const char *path, unsigned flags);
int new_filesystem(const char *type, uint64_t attributes);
int new_overlay(const struct overlay *overlay, uint64_t attributes);
int attach(int tree, int directory, const char *name); // "": to the directory itself
int set_attributes(int tree, unsigned flags, uint64_t attributes);

// mountpoint.c: in init, below a root whose every name may be hostile.
int open_in_root(int root, const char *path, uint64_t flags);
int make_entry(int parent, const char *name, bool directory);
int make_mount_point(int root, const char *path, bool directory);

// place.c: in init. Where the root's mounts go, most of them beside one another.
struct places {
    int root;
    dev_t root_device;
    ino_t root_inode;
    // The directory in which something was made last, -1 for none. Everything that was mounted since was
    // mounted on what was made below it, so that its path still leads there.
    int parent;
    bool parent_is_ours; // and has nothing in it but what we have made
    const char *parent_path;
    size_t parent_length;
};
struct place {
    int directory;
    const char *name; // in the directory; "": the directory is the place
    bool is_kept;     // the directory is `parent`
};
int begin_places(struct places *places, int root);
int find_place(struct places *places, const char *path, bool directory, struct place *place);
// Whether it can carry a mount: else -1, with EBUSY for the root itself, ENOTDIR or EISDIR for the other
// kind of file.
int check_place(const struct places *places, const struct place *place, bool directory);
void leave_place(const struct place *place);
// What was mounted last at `path` is an empty directory of ours, in which more will be made.
void keep_directory(struct places *places, const char *path, int mount);
bool is_kept_directory(const struct places *places, const char *path);
// Something was mounted over what there was.
void forget_directory(struct places *places);
int make_symlink(struct places *places, const char *path, const char *destination);

// The least that a mount of ours is restricted by.
enum { HARMLESS = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV };

// steps.c: in init. Where a root is put together.
struct site {
    const struct sandbox_plan *plan;
    int channel;
    int scratch;
    struct places places;
    int nothing[2]; // the empty file and the empty directory that cover something already, or -1
};
int overlay_on_scratch(int lower, int scratch, size_t index, uint64_t attributes);
// Opens every host path before anything is mounted, so that nothing of ours can be in the way.
void open_sources(const struct sandbox_plan *plan, int channel);
// Makes all the places that will carry a mount.
void make_places(const struct sandbox_plan *plan, struct places *places, int channel);
void perform_step(struct site *site, size_t index);

// attempts.c: in the process that would have become the command.
void make_attempts(int channel);

// command.c: of whatever process loads them.
int load_filters(const struct sock_fprog *filters, size_t count);

// command.c: in the process that becomes the command.
struct beginning {
    const struct sandbox_plan *plan;
    int channel;
    mode_t mask;
    bool has_placeholders; // of 0 to 2, some lead to the host's /dev/null and are closed on execve(2)
};
noreturn void run_command(const struct beginning *beginning);

#endif
