// SPDX-License-Identifier: MIT OR Apache-2.0
// What the stages of a start hand each other. Between clone(2) and execve(2) only async-signal-safe
// calls are made: the caller may have had other threads, and their locks stay locked in the copy.

#ifndef STAGES_H
#define STAGES_H

#include "include/forwarding.h"
#include "include/sandbox.h"
#include "include/scope.h"

#include <stdnoreturn.h>

// spawn.c: in any process of the sandbox, to the caller.
void tell(int channel, enum sandbox_stage stage, int index, int value);
void tell_directory(int channel, enum sandbox_stage stage, int index, int directory);
noreturn void fail(int channel, enum sandbox_stage stage, int index); // with errno

// init.c: PID 1, from its first instruction to its last.
noreturn void run_init(const struct sandbox_plan *plan, int channel);

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
int attach(int tree, int target);
int set_attributes(int tree, unsigned flags, uint64_t attributes);

// mountpoint.c: in init, below a root whose every name may be hostile.
int open_in_root(int root, const char *path, uint64_t flags);
int make_mount_point(int root, const char *path, bool directory);
int make_symlink(int root, const char *path, const char *destination);

// attempts.c: in the process that would have become the command.
void make_attempts(int channel);

// command.c: of whatever process loads them.
int load_filters(const struct sock_fprog *filters, size_t count);

// command.c: in the process that becomes the command.
noreturn void run_command(const struct sandbox_plan *plan, int channel, mode_t mask);

#endif
