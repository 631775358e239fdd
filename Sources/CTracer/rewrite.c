// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the tracer: a call that makes or changes files gets the paths outside, and makes it itself.
// Afterwards its registers, and what lay below its stack, are what they were.

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// x86-64's calling convention: 128 bytes below the stack pointer are in use without it being moved.
enum { RED_ZONE = 128, KEPT_MAX = 2 * PATH_MAX + 64, UNFINISHED_MAX = 1024 };

// A call that is under way with other arguments than its process gave.
struct unfinished {
    struct tracer_stop stop;
    struct tracer_change changes[TRACER_CHANGES_ROOM]; // as they were
    size_t change_count;
    uint64_t address;
    size_t size;
    char link[128]; // of ours, which a path leads through; "" for none
    char kept[KEPT_MAX];
};

static struct unfinished unfinished[UNFINISHED_MAX];
static size_t highest;
static struct unfinished lent; // what `tracer_lend` has kept for the call at hand

static struct unfinished *unfinished_of(pid_t process) {
    for (size_t i = 0; i < highest; i++)
        if (unfinished[i].stop.process == process) return &unfinished[i];
    return NULL;
}

uint64_t tracer_lend(const struct tracer_stop *stop, const void *bytes, size_t size, bool is_kept) {
    uint64_t address = (stop->stack - RED_ZONE - size) & ~(uint64_t)15;
    lent.size = 0;
    if (is_kept) {
        if (size > KEPT_MAX) return 0;
        if (tracer_read_memory(stop->process, address, lent.kept, size) != (ssize_t)size) return 0;
        lent.address = address;
        lent.size = size;
    }
    return tracer_write_memory(stop->process, address, bytes, size) < 0 ? 0 : address;
}

bool tracer_remember(const struct tracer_stop *stop, const struct tracer_change *changes,
                     size_t count) {
    struct unfinished *free = unfinished_of(0);
    if (!free && highest < UNFINISHED_MAX) free = &unfinished[highest++];
    if (!free || tracer_set_arguments(stop, changes, count) < 0) {
        tracer_set_result(stop, -EAGAIN);
        return false;
    }
    free->stop = *stop;
    free->change_count = count;
    for (size_t i = 0; i < count; i++) {
        free->changes[i] = changes[i];
        int argument = changes[i].argument;
        free->changes[i].value =
            argument < 0 ? (uint64_t)stop->call->number : stop->arguments[argument];
    }
    free->address = lent.address;
    free->size = lent.size;
    tracer_put(free->link, lent.link);
    memcpy(free->kept, lent.kept, lent.size);
    return true;
}

void tracer_forget(pid_t process) {
    struct unfinished *call = unfinished_of(process);
    if (!call) return;
    if (call->link[0]) unlink(call->link);
    call->stop.process = 0;
    while (highest > 0 && unfinished[highest - 1].stop.process == 0) highest--;
}

void tracer_restore(pid_t process) {
    struct unfinished *call = unfinished_of(process);
    if (!call) return;
    tracer_set_arguments(&call->stop, call->changes, call->change_count);
    if (call->size > 0) tracer_write_memory(process, call->address, call->kept, call->size);
    tracer_forget(process);
}

// The order of the kernel's errors: what is not there, or there already, comes before a mount that is
// read-only.
static int check(const struct tracer_place *place, enum tracer_effect effect) {
    if (effect == TRACER_LOOKS || !place->mount->read_only) return 0;
    struct stat status;
    bool exists = lstat(place->host, &status) == 0;
    if (effect == TRACER_MAKES && exists) return -EEXIST;
    if (effect == TRACER_CHANGES && !exists) return -errno;
    return -EROFS;
}

// The path of one argument. 0, TRACER_NATIVE, or a negative errno.
static int translate(const struct tracer_plan *plan, const struct tracer_stop *stop,
                     const struct tracer_argument *argument, struct tracer_place *place) {
    static char path[PATH_MAX], absolute[PATH_MAX];
    uint64_t address = stop->arguments[argument->path];
    if (address == 0) return TRACER_NATIVE; // utimensat(2): the descriptor itself
    ssize_t length = tracer_read_path(stop->process, address, path);
    if (length < 0) return (int)length;
    if (length == 0) return TRACER_NATIVE; // AT_EMPTY_PATH, or an error of the kernel's
    int directory = argument->directory < 0 ? AT_FDCWD : (int)stop->arguments[argument->directory];
    int result = tracer_absolute(plan, stop->process, directory, path, absolute);
    if (result != 0) return result;
    bool itself = argument->itself;
    if (stop->call->flags >= 0) {
        uint32_t flags = (uint32_t)stop->arguments[stop->call->flags];
        if (flags & stop->call->itself_flag) itself = true;
        if (flags & stop->call->follows_flag) itself = false;
    }
    return tracer_walk(plan, stop->process, absolute, !itself, place);
}

static struct tracer_place places[2];

static bool answered(const struct tracer_stop *stop, int error) {
    if (error < 0) tracer_set_result(stop, error);
    return false;
}

static bool rewrite_paths(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    static char bytes[2 * PATH_MAX];
    const struct tracer_argument *arguments[] = {&stop->call->first, &stop->call->second};
    struct tracer_change changes[2];
    size_t offsets[2], size = 0, count = 0;
    for (size_t i = 0; i < 2 && arguments[i]->path >= 0; i++) {
        int result = translate(plan, stop, arguments[i], &places[i]);
        if (result < 0) return answered(stop, result);
        if (result == TRACER_NATIVE) continue;
        int error = check(&places[i], arguments[i]->effect);
        if (error < 0) return answered(stop, error);
        offsets[count] = size;
        size = (size_t)(tracer_put(bytes + size, places[i].host) - bytes) + 1;
        changes[count++].argument = arguments[i]->path;
    }
    if (count == 0) return false;
    // rename(2), link(2): mounts are borders, even of one file system.
    if (count == 2 && places[0].mount != places[1].mount &&
        strcmp(places[0].mount->host, places[1].mount->host) != 0)
        return answered(stop, -EXDEV);
    uint64_t address = tracer_lend(stop, bytes, size, true);
    if (address == 0) return answered(stop, -EFAULT);
    for (size_t i = 0; i < count; i++) changes[i].value = address + offsets[i];
    return tracer_remember(stop, changes, count);
}

// open(2) with a flag that may make a file, or with O_PATH. A device or a pipe may be written on any mount.
static int check_open(const struct tracer_place *place, int flags) {
    if (!place->mount->read_only) return 0;
    struct stat status;
    if (flags & O_PATH) return 0;
    if ((flags & O_CREAT) && (flags & O_EXCL))
        return lstat(place->host, &status) == 0 ? -EEXIST : -EROFS;
    bool exists = stat(place->host, &status) == 0;
    if (!exists || (flags & O_TMPFILE) == O_TMPFILE) return -EROFS;
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
    return writes && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) ? -EROFS : 0;
}

static bool rewrite_open(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    const struct tracer_call *call = stop->call;
    int flags = call->flags < 0 ? O_CREAT | O_WRONLY | O_TRUNC : (int)stop->arguments[call->flags];
    struct tracer_argument argument = call->first;
    // open(2), O_EXCL: a link at the end is not followed, wherever it leads.
    argument.itself = (flags & O_CREAT) && (flags & O_EXCL);
    int result = translate(plan, stop, &argument, &places[0]);
    if (result == TRACER_NATIVE) return false;
    if (result == 0) result = check_open(&places[0], flags);
    if (result < 0) return answered(stop, result);
    uint64_t address = tracer_lend(stop, places[0].host, strlen(places[0].host) + 1, true);
    if (address == 0) return answered(stop, -EFAULT);
    struct tracer_change change = {.argument = argument.path, .value = address};
    return tracer_remember(stop, &change, 1);
}

// unix(7): an address holds 107 bytes, fewer than many a path. A longer one goes through a link of ours
// to its directory.
static int shorten(const struct tracer_plan *plan, const char *host, char *path) {
    static unsigned long count;
    static char directory[PATH_MAX];
    enum { ADDRESS_MAX = sizeof ((struct sockaddr_un *)0)->sun_path };
    tracer_put(path, host);
    if (strlen(host) < ADDRESS_MAX) return 0;
    const char *name = strrchr(host, '/');
    if (strlen(plan->scratch) + sizeof "/s18446744073709551615" + strlen(name) > ADDRESS_MAX)
        return -ENAMETOOLONG;
    tracer_put(directory, host);
    directory[name - host] = 0;
    tracer_put_number(tracer_put(tracer_put(lent.link, plan->scratch), "/s"), count++);
    if (symlink(directory, lent.link) < 0) return -errno;
    tracer_put(tracer_put(path, lent.link), name);
    return 0;
}

static bool rewrite_socket_address(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    static char absolute[PATH_MAX], path[PATH_MAX];
    struct sockaddr_un address = {0};
    uint64_t size = stop->arguments[2] & UINT32_MAX;
    size_t head = offsetof(struct sockaddr_un, sun_path);
    if (size <= head || size > sizeof address) return false;
    if (tracer_read_memory(stop->process, stop->arguments[1], &address, size) != (ssize_t)size)
        return false;
    if (address.sun_family != AF_UNIX || address.sun_path[0] == 0) return false;
    memcpy(path, address.sun_path, size - head);
    path[size - head] = 0;
    int result = tracer_absolute(plan, stop->process, AT_FDCWD, path, absolute);
    if (result == 0)
        result = tracer_walk(plan, stop->process, absolute, !stop->call->first.itself, &places[0]);
    if (result == TRACER_NATIVE) return false;
    if (result == 0) result = check(&places[0], stop->call->first.effect);
    if (result == -EEXIST) result = -EADDRINUSE;
    if (result == 0) result = shorten(plan, places[0].host, path);
    if (result < 0) return answered(stop, result);
    size_t length = strlen(path);
    memset(address.sun_path, 0, sizeof address.sun_path);
    memcpy(address.sun_path, path, length);
    uint64_t lent_address = tracer_lend(stop, &address, sizeof address, true);
    if (lent_address == 0) return answered(stop, -EFAULT);
    size_t whole = length < sizeof address.sun_path ? head + length + 1 : sizeof address;
    struct tracer_change changes[] = {{1, lent_address}, {2, whole}};
    return tracer_remember(stop, changes, 2);
}

bool tracer_rewrite(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    lent.link[0] = 0;
    lent.size = 0;
    switch (stop->call->operation) {
    case TRACER_EXECUTION: return tracer_execute(plan, stop);
    case TRACER_OPEN: return rewrite_open(plan, stop);
    case TRACER_SOCKET_ADDRESS: return rewrite_socket_address(plan, stop);
    default: return rewrite_paths(plan, stop);
    }
}
