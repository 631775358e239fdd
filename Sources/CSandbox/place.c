// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init: the places of mounts and links. Most are new names beside one another, in a directory that
// we have made or found a moment ago; such a name is made there and the path is not followed again.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int begin_places(struct places *places, int root) {
    struct stat top;
    *places = (struct places){.root = root, .parent = -1};
    if (fstat(root, &top) < 0) return -1;
    places->root_device = top.st_dev;
    places->root_inode = top.st_ino;
    return 0;
}

void forget_directory(struct places *places) {
    if (places->parent >= 0) close(places->parent);
    places->parent = -1;
}

static void keep(struct places *places, int parent, const char *path, size_t length, bool is_ours) {
    forget_directory(places);
    places->parent = parent;
    places->parent_is_ours = is_ours;
    places->parent_path = path;
    places->parent_length = length;
}

// The rest of `path` where it lies in the directory that is kept, or anywhere below one of ours; else NULL.
static const char *below_parent(const struct places *places, const char *path) {
    if (places->parent < 0) return NULL;
    size_t length = places->parent_length;
    if (strncmp(path, places->parent_path, length) != 0 || path[length] != '/') return NULL;
    const char *rest = path + length + 1;
    return places->parent_is_ours || !strchr(rest, '/') ? rest : NULL;
}

void keep_directory(struct places *places, const char *path, int mount) {
    bool is_inner = places->parent_is_ours && below_parent(places, path);
    if (is_inner) close(mount); // the one around it has more to come
    else keep(places, mount, path, strlen(path), true);
}

bool is_kept_directory(const struct places *places, const char *path) {
    return places->parent >= 0 && places->parent_is_ours &&
           strlen(path) == places->parent_length &&
           memcmp(path, places->parent_path, places->parent_length) == 0;
}

// The directory `rest` names in `parent`, but for its last name, which is returned; made where it is not
// there. Only names of directories: a link on the way is for those who may follow it.
static const char *make_way(int *parent, const char *rest) {
    int directory = *parent;
    for (const char *slash; (slash = strchr(rest, '/')); rest = slash + 1) {
        char name[NAME_MAX + 1];
        size_t length = (size_t)(slash - rest);
        if (length == 0 || length > NAME_MAX) break;
        memcpy(name, rest, length);
        name[length] = '\0';
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) break;
        if (make_entry(directory, name, true) < 0 && errno != EEXIST) break;
        int next = openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (directory != *parent) close(directory);
        directory = next < 0 ? *parent : next;
        if (next < 0) break;
    }
    bool has_arrived = !strchr(rest, '/') && *rest && strcmp(rest, ".") != 0 && strcmp(rest, "..") != 0;
    if (!has_arrived && directory != *parent) close(directory);
    if (!has_arrived) return NULL;
    *parent = directory;
    return rest;
}

// A new name below the directory that is kept.
static int make_below(struct places *places, const char *path, bool directory, struct place *place) {
    const char *rest = below_parent(places, path);
    if (!rest) return -1;
    int parent = places->parent;
    const char *name = make_way(&parent, rest);
    if (!name) return -1;
    *place = (struct place){.directory = parent, .name = name, .is_kept = parent == places->parent};
    if (make_entry(parent, name, directory) == 0) return 0;
    leave_place(place);
    return -1;
}

// A new name in a parent that exists, which is kept.
static int make_in_parent(struct places *places, const char *path, bool directory, struct place *place) {
    const char *slash = strrchr(path, '/');
    char parent_path[PATH_MAX];
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (!slash || length >= sizeof parent_path || slash[1] == '\0') return -1;
    memcpy(parent_path, path, length);
    parent_path[length] = '\0';
    int parent = open_in_root(places->root, length ? parent_path : "/", O_PATH | O_DIRECTORY);
    if (parent < 0) return -1;
    if (make_entry(parent, slash + 1, directory) < 0) {
        close(parent);
        return -1;
    }
    keep(places, parent, path, length, false);
    *place = (struct place){.directory = parent, .name = slash + 1, .is_kept = true};
    return 0;
}

// Over the root itself a mount would be hidden, for whoever is at the root already is below; and the
// kernel's EINVAL for the wrong kind of file says nothing.
int check_place(const struct places *places, const struct place *place, bool directory) {
    struct stat here;
    if (*place->name) return 0; // new, and what it was made as
    if (fstat(place->directory, &here) < 0) return -1;
    if (here.st_dev == places->root_device && here.st_ino == places->root_inode) errno = EBUSY;
    else if (directory && !S_ISDIR(here.st_mode)) errno = ENOTDIR;
    else if (!directory && S_ISDIR(here.st_mode)) errno = EISDIR;
    else return 0;
    return -1;
}

int find_place(struct places *places, const char *path, bool directory, struct place *place) {
    if (make_below(places, path, directory, place) == 0) return 0;
    forget_directory(places);
    int existing = open_in_root(places->root, path, O_PATH);
    if (existing < 0 && errno != ENOENT) return -1;
    if (existing < 0 && make_in_parent(places, path, directory, place) == 0) return 0;
    if (existing < 0) existing = make_mount_point(places->root, path, directory);
    if (existing < 0) return -1;
    *place = (struct place){.directory = existing, .name = ""};
    return 0;
}

void leave_place(const struct place *place) {
    if (!place->is_kept) close(place->directory);
}

int make_symlink(struct places *places, const char *path, const char *destination) {
    const char *rest = below_parent(places, path);
    if (rest && !strchr(rest, '/')) return symlinkat(destination, places->parent, rest);
    const char *slash = strrchr(path, '/');
    char parent_path[PATH_MAX];
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof parent_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(parent_path, path, length);
    strcpy(parent_path + length, length ? "" : ".");
    int parent = make_mount_point(places->root, parent_path, true);
    if (parent < 0) return -1;
    int result = symlinkat(destination, parent, slash ? slash + 1 : path);
    int error = errno;
    close(parent);
    errno = error;
    return result;
}
