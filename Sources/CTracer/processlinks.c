// SPDX-License-Identifier: MIT OR Apache-2.0
// The links of /proc: the kernel writes them for whoever asks, and with paths outside.
// Source: proc(5).

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { NO_LINK = -1, NO_PATH = -2 };

// The components of a path below /proc.
struct names {
    const char *text[8];
    size_t length[8];
    size_t count;
};

static bool split(const char *path, struct names *names) {
    names->count = 0;
    while (*path == '/') {
        const char *end = strchrnul(++path, '/');
        if (names->count == 8) return false;
        names->text[names->count] = path;
        names->length[names->count++] = (size_t)(end - path);
        path = end;
    }
    return true;
}

static bool is(const struct names *names, size_t index, const char *word) {
    return names->length[index] == strlen(word) &&
           memcmp(names->text[index], word, names->length[index]) == 0;
}

static pid_t number_at(const struct names *names, size_t index) {
    pid_t number = 0;
    if (names->length[index] == 0 || names->length[index] > 9) return -1;
    for (size_t i = 0; i < names->length[index]; i++) {
        char digit = names->text[index][i];
        if (digit < '0' || digit > '9') return -1;
        number = number * 10 + (digit - '0');
    }
    return number;
}

static ssize_t self(pid_t process, bool thread, char *target) {
    char *end = tracer_put_number(target, (unsigned long)tracer_group_of(process));
    if (thread) end = tracer_put_number(tracer_put(end, "/task/"), (unsigned long)process);
    return end - target;
}

// A link to a file that somebody has open, or is in.
static ssize_t open_file(const struct tracer_plan *plan, const char *host, char *target) {
    char outside[PATH_MAX];
    ssize_t length = readlink(host, outside, sizeof outside - 1);
    if (length < 0) return NO_LINK;
    outside[length] = 0;
    if (outside[0] != '/' || !tracer_to_guest(plan, outside, target)) return NO_PATH;
    if (!*target) strcpy(target, "/");
    return (ssize_t)strlen(target);
}

// Namespaces and the like: their text is no path. Links of /proc itself are ordinary ones.
static ssize_t other_link(const struct names *names, const char *host, char *target) {
    ssize_t length = readlink(host, target, PATH_MAX - 1);
    if (length < 0) return NO_LINK;
    if (names->count > 1) return NO_PATH;
    target[length] = 0;
    return length;
}

ssize_t tracer_process_file_link(const struct tracer_plan *plan, pid_t process, const char *guest,
                                 const char *host, char *target) {
    struct names names;
    const char *below = guest + tracer_mount_of(plan, guest, strlen(guest))->guest_length;
    if (!split(below, &names) || names.count == 0) return NO_LINK;
    if (names.count == 1) {
        if (is(&names, 0, "self")) return self(process, false, target);
        if (is(&names, 0, "thread-self")) return self(process, true, target);
        return other_link(&names, host, target);
    }
    pid_t owner = number_at(&names, 0);
    if (owner < 0) return other_link(&names, host, target);
    // /proc/<n>/task/<m> has what /proc/<n> has.
    size_t first = names.count >= 4 && is(&names, 1, "task") ? 3 : 1;
    size_t rest = names.count - first;
    if (rest == 2 && is(&names, first, "fd")) return open_file(plan, host, target);
    if (rest != 1) return other_link(&names, host, target);
    if (is(&names, first, "cwd")) return open_file(plan, host, target);
    if (is(&names, first, "root")) return tracer_put(target, "/") - target;
    if (!is(&names, first, "exe")) return other_link(&names, host, target);
    ssize_t length = tracer_program_of(plan, owner, target);
    return length < 0 ? NO_PATH : length;
}
