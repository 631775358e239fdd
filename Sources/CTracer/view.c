// SPDX-License-Identifier: MIT OR Apache-2.0
// Paths inside and paths outside, without looking at any file.

#define _GNU_SOURCE
#include "parts.h"

#include <string.h>

// Whether a path is `prefix` or lies below it.
static bool is_below(const char *path, size_t length, const char *prefix, size_t prefix_length) {
    if (length < prefix_length || memcmp(path, prefix, prefix_length) != 0) return false;
    return length == prefix_length || path[prefix_length] == '/';
}

const struct tracer_mount *tracer_mount_of(const struct tracer_plan *plan, const char *guest,
                                           size_t length) {
    for (size_t i = 0; i < plan->mount_count; i++) {
        const struct tracer_mount *mount = &plan->mounts[i];
        if (is_below(guest, length, mount->guest, mount->guest_length)) return mount;
    }
    return &plan->mounts[plan->mount_count - 1];
}

static bool join(char *to, const char *first, size_t first_length, const char *rest) {
    size_t rest_length = strlen(rest);
    if (first_length + rest_length >= PATH_MAX) return false;
    memcpy(to, first, first_length);
    memcpy(to + first_length, rest, rest_length + 1);
    return true;
}

const struct tracer_mount *tracer_to_host(const struct tracer_plan *plan, const char *guest,
                                          char *host) {
    const struct tracer_mount *mount = tracer_mount_of(plan, guest, strlen(guest));
    if (!join(host, mount->host, mount->host_length, guest + mount->guest_length)) return NULL;
    if (!*host) strcpy(host, "/");
    return mount;
}

// One directory may be mounted at several places: the longest path outside wins, and of several
// places the one that has the same path inside, for that is what the user knows.
bool tracer_to_guest(const struct tracer_plan *plan, const char *host, char *guest) {
    size_t length = strlen(host);
    if (length == 1) length = 0; // the root
    const struct tracer_mount *best = NULL;
    bool best_is_same = false;
    for (size_t i = 0; i < plan->mount_count; i++) {
        const struct tracer_mount *mount = &plan->mounts[i];
        if (!is_below(host, length, mount->host, mount->host_length)) continue;
        bool is_same = strcmp(mount->host, mount->guest) == 0;
        if (best && mount->host_length < best->host_length) continue;
        if (best && mount->host_length == best->host_length && (best_is_same || !is_same)) continue;
        // What another mount covers has no path inside through this one.
        char inside[PATH_MAX];
        if (!join(inside, mount->guest, mount->guest_length, host + mount->host_length)) continue;
        size_t inside_length = mount->guest_length + length - mount->host_length;
        inside[inside_length] = 0;
        if (tracer_mount_of(plan, inside, inside_length) != mount) continue;
        best = mount;
        best_is_same = is_same;
        memcpy(guest, inside, inside_length + 1);
    }
    return best != NULL;
}
