// SPDX-License-Identifier: MIT OR Apache-2.0
// A path as a process means it: relative to its directories, through links that lead to places inside.
// Source: path_resolution(7).

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

// The path of a directory that the process is in, or has open.
static int directory_of(const struct tracer_plan *plan, pid_t process, int directory, char *guest) {
    char host[PATH_MAX];
    ssize_t length = directory == AT_FDCWD ? tracer_process_link(process, "cwd", -1, host)
                                           : tracer_process_link(process, "fd", directory, host);
    if (length < 0) return directory == AT_FDCWD ? (int)length : -EBADF;
    if (host[0] != '/') return -ENOTDIR;
    return tracer_to_guest(plan, host, guest) ? 0 : TRACER_NATIVE;
}

int tracer_absolute(const struct tracer_plan *plan, pid_t process, int directory, const char *path,
                    char *absolute) {
    if (!*path) return -ENOENT;
    size_t start = 0;
    if (*path != '/') {
        int result = directory_of(plan, process, directory, absolute);
        if (result != 0) return result;
        start = strlen(absolute);
        absolute[start++] = '/';
    }
    size_t length = strlen(path);
    if (start + length >= PATH_MAX) return -ENAMETOOLONG;
    memcpy(absolute + start, path, length + 1);
    return 0;
}

// What is left of a path to walk; the end of `text`, so that links can be put in front.
struct rest {
    char text[2 * PATH_MAX];
    char *next;
};

// What is left begins with a slash, or is empty.
static bool put_in_front(struct rest *rest, const char *text, size_t length) {
    if ((size_t)(rest->next - rest->text) < length) return false;
    rest->next -= length;
    memcpy(rest->next, text, length);
    return true;
}

// The next component, without the slashes around it; whether it is the last.
static size_t take(struct rest *rest, const char **name, bool *is_last, bool *is_directory) {
    rest->next += strspn(rest->next, "/");
    *name = rest->next;
    size_t length = strcspn(rest->next, "/");
    if (length == 0) return 0;
    rest->next += length;
    size_t slashes = strspn(rest->next, "/");
    *is_last = rest->next[slashes] == 0;
    *is_directory = slashes > 0;
    return length;
}

static size_t parent_length(const char *guest, size_t length) {
    while (length > 0 && guest[length - 1] != '/') length--;
    return length > 0 ? length - 1 : 0;
}

static ssize_t link_at(const struct tracer_plan *plan, pid_t process, struct tracer_place *place) {
    if (place->mount->processes)
        return tracer_process_file_link(plan, process, place->guest, place->host, place->link);
    // A mount point is what it is; links on the way to it were followed when the plan was made.
    if (place->guest[place->mount->guest_length] == 0) return -1;
    ssize_t length = readlink(place->host, place->link, sizeof place->link - 1);
    if (length >= 0) place->link[length] = 0;
    return length;
}

int tracer_walk(const struct tracer_plan *plan, pid_t process, const char *absolute, bool follow,
                struct tracer_place *place) {
    static struct rest rest; // every process of ours walks one path at a time
    size_t length = strlen(absolute), guest_length = 0;
    rest.next = rest.text + sizeof rest.text - length - 1;
    memcpy(rest.next, absolute, length + 1);
    place->guest[0] = 0;
    place->link_length = -1;
    place->kernel_follows = false;
    place->mount = tracer_to_host(plan, "", place->host);
    int links = 0;
    bool is_last = false, is_directory = false;
    for (const char *name; (length = take(&rest, &name, &is_last, &is_directory)) > 0;) {
        if (length == 1 && name[0] == '.') continue;
        if (length == 2 && name[0] == '.' && name[1] == '.') {
            guest_length = parent_length(place->guest, guest_length);
            place->guest[guest_length] = 0;
            place->mount = tracer_to_host(plan, place->guest, place->host);
            continue;
        }
        if (guest_length + length + 2 > PATH_MAX) return -ENAMETOOLONG;
        size_t before = guest_length;
        place->guest[guest_length++] = '/';
        memcpy(place->guest + guest_length, name, length);
        guest_length += length;
        place->guest[guest_length] = 0;
        place->mount = tracer_to_host(plan, place->guest, place->host);
        if (!place->mount) return -ENAMETOOLONG;
        errno = EINVAL;
        ssize_t link = link_at(plan, process, place);
        if (link == -2) place->kernel_follows = true;
        if (link < 0) {
            if (link == -2 || errno == EINVAL || (is_last && errno == ENOENT)) continue;
            return -errno;
        }
        // open(2), through /proc/<n>/fd: the very file, though its name may be gone.
        if (is_last && follow && place->mount->processes && strstr(place->guest, "/fd/")) {
            place->kernel_follows = true;
            place->mount = tracer_mount_of(plan, place->link, (size_t)link);
            continue;
        }
        if (is_last && !follow && !is_directory) {
            place->link_length = link;
            return 0;
        }
        if (++links > LINKS_MAX) return -ELOOP;
        if (link == 0) return -ENOENT;
        if (!put_in_front(&rest, place->link, (size_t)link)) return -ENAMETOOLONG;
        guest_length = place->link[0] == '/' ? 0 : before;
        place->guest[guest_length] = 0;
        place->mount = tracer_to_host(plan, place->guest, place->host);
    }
    if (!is_directory || guest_length == 0) return 0;
    // path_resolution(7), "Final entry": a slash at the end asks for a directory; the kernel says so.
    size_t end = strlen(place->host);
    if (end + 1 < PATH_MAX && place->host[end - 1] != '/') strcpy(place->host + end, "/");
    return 0;
}

// Without links on the way, ".." can be left to the kernel as long as it stays within one mount.
bool tracer_place_by_text(const struct tracer_plan *plan, const char *absolute,
                          struct tracer_place *place) {
    static char raw[PATH_MAX]; // without "." and double slashes
    size_t guest_length = 0, raw_length = 0;
    const struct tracer_mount *popped = NULL;
    for (const char *next = absolute; *next;) {
        next += strspn(next, "/");
        size_t length = strcspn(next, "/");
        if (length == 0) {
            raw[raw_length++] = '/';
            break;
        }
        bool up = length == 2 && next[0] == '.' && next[1] == '.';
        if (!(length == 1 && next[0] == '.')) {
            raw[raw_length++] = '/';
            memcpy(raw + raw_length, next, length);
            raw_length += length;
        }
        if (up) {
            const struct tracer_mount *before = tracer_mount_of(plan, place->guest, guest_length);
            guest_length = parent_length(place->guest, guest_length);
            const struct tracer_mount *after = tracer_mount_of(plan, place->guest, guest_length);
            if (before != after || (popped && popped != after)) return false;
            popped = after;
        } else if (!(length == 1 && next[0] == '.')) {
            place->guest[guest_length++] = '/';
            memcpy(place->guest + guest_length, next, length);
            guest_length += length;
        }
        next += length;
    }
    raw[raw_length] = 0;
    place->guest[guest_length] = 0;
    place->link_length = -1;
    place->kernel_follows = false;
    const struct tracer_mount *mount = tracer_mount_of(plan, place->guest, guest_length);
    place->mount = mount;
    if (mount->processes || (popped && popped != mount)) return false;
    if (mount->host_length + raw_length - mount->guest_length >= PATH_MAX) return false;
    char *end = tracer_put(place->host, mount->host);
    tracer_put(end, raw + mount->guest_length);
    if (!*place->host) strcpy(place->host, "/");
    return true;
}

// openat2(2), RESOLVE_NO_SYMLINKS: ELOOP where there is a link on the way.
int tracer_open_without_links(const char *host, uint64_t flags) {
    struct open_how how = {.flags = flags, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, host, &how, sizeof how);
}
