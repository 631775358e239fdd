// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: finds and makes mount points below a root that a hostile image has filled. Every
// lookup begins at the root's descriptor and cannot leave it: `..` stops there, absolute links begin
// there, and links that are not text (those of /proc/<pid>) are refused.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINKS_FOLLOWED = 40 }; // path_resolution(7)

int open_in_root(int root, const char *path, uint64_t flags) {
    struct open_how how = {
        .flags = flags | O_CLOEXEC,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    // openat2(2), EAGAIN: something was renamed or mounted meanwhile, and the kernel is not sure.
    for (int attempt = 0;; attempt++) {
        int descriptor = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
        if (descriptor >= 0 || errno != EAGAIN || attempt == 1000) return descriptor;
    }
}

int make_entry(int parent, const char *name, bool directory) {
    return directory ? mkdirat(parent, name, 0755) : mknodat(parent, name, S_IFREG | 0644, 0);
}

// Where a path is being followed: `path` up to `done` exists, as `parent`.
struct walk {
    char path[PATH_MAX];
    size_t done;
    int parent;
};

static bool is_last(const char *rest) {
    return rest[strspn(rest, "/")] == '\0';
}

// Puts the destination of the dangling link `name` in the place of the name.
static int substitute_link(struct walk *walk, const char *name, const char *rest) {
    char path[PATH_MAX];
    ssize_t length = readlinkat(walk->parent, name, path, sizeof path);
    if (length < 0) return -1; // EINVAL: it is no link, and was not there a moment ago
    size_t kept = path[0] == '/' ? 0 : walk->done;
    size_t rest_length = strlen(rest);
    if (kept + 1 + (size_t)length + rest_length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memmove(path + length, rest, rest_length + 1);
    if (kept > 0) walk->path[kept++] = '/';
    memmove(walk->path + kept, path, (size_t)length + rest_length + 1);
    return 0;
}

// One component further. 1: go on; 0: arrived; 2: begin again, the path has changed; -1: errno.
static int step(struct walk *walk, int root, bool directory) {
    size_t start = walk->done + strspn(walk->path + walk->done, "/");
    size_t end = start + strcspn(walk->path + start, "/");
    if (start == end) return 0;
    char rest[PATH_MAX], name[NAME_MAX + 1];
    if (end - start > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(rest, walk->path + end);
    memcpy(name, walk->path + start, end - start);
    name[end - start] = '\0';
    walk->path[end] = '\0';
    int next = open_in_root(root, walk->path, O_PATH);
    if (next < 0 && errno == ENOENT) {
        if (make_entry(walk->parent, name, directory || !is_last(rest)) == 0)
            next = open_in_root(root, walk->path, O_PATH);
        else if (errno == EEXIST)
            return substitute_link(walk, name, rest) < 0 ? -1 : 2;
    }
    if (next < 0) return -1;
    strcpy(walk->path + end, rest);
    close(walk->parent);
    walk->parent = next;
    walk->done = end;
    return 1;
}

int make_mount_point(int root, const char *path, bool directory) {
    int existing = open_in_root(root, path, O_PATH);
    if (existing >= 0 || errno != ENOENT) return existing;
    struct walk walk;
    if (strlen(path) >= sizeof walk.path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(walk.path, path);
    for (int links = 0; links < LINKS_FOLLOWED; links++) {
        walk.done = 0;
        walk.parent = open_in_root(root, ".", O_PATH);
        if (walk.parent < 0) return -1;
        int state;
        while ((state = step(&walk, root, directory)) == 1) {
        }
        if (state == 0) return walk.parent;
        int error = errno;
        close(walk.parent);
        errno = error;
        if (state < 0) return -1;
    }
    errno = ELOOP;
    return -1;
}
