// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the answerer: what a call would have found, had it been made inside.

#define _GNU_SOURCE
#include "look.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

static char absolute[PATH_MAX];
static struct tracer_place place;

int tracer_find_by_walking(const struct tracer_question *question, struct tracer_found *found) {
    found->is_walked = true;
    return tracer_walk(question->plan, question->process, absolute, !found->itself, &place);
}

int tracer_find(const struct tracer_question *question, bool by_text, struct tracer_found *found) {
    static char path[PATH_MAX];
    const struct tracer_call *call = question->call;
    const struct tracer_argument *argument = &call->first;
    uint64_t address = question->arguments[argument->path];
    if (address == 0) return -EFAULT;
    ssize_t length = tracer_read_path(question->process, address, path);
    if (length < 0) return (int)length;
    if (length == 0) return TRACER_NATIVE;
    int directory = argument->directory < 0 ? AT_FDCWD : (int)question->arguments[argument->directory];
    int result = tracer_absolute(question->plan, question->process, directory, path, absolute);
    if (result != 0) return result;
    found->place = &place;
    found->itself = argument->itself;
    if (call->flags >= 0 && ((uint32_t)question->arguments[call->flags] & call->itself_flag))
        found->itself = true;
    if (by_text && tracer_place_by_text(question->plan, absolute, &place)) return 0;
    return tracer_find_by_walking(question, found);
}

// Looks at what a path leads to. Returns a descriptor that allows nothing else, or a negative errno, or
// TRACER_KERNELS.
static int64_t find_open(const struct tracer_question *question) {
    struct tracer_found found = {0};
    int result = tracer_find(question, true, &found);
    if (result != 0) return result == TRACER_NATIVE ? TRACER_KERNELS : result;
    if (!found.is_walked) {
        int file = tracer_open_without_links(place.host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        struct stat status;
        if (file < 0 && errno != ELOOP) return -errno;
        // What is found without following is what is meant, unless it is a link.
        if (file >= 0 && (found.itself || (fstat(file, &status) == 0 && !S_ISLNK(status.st_mode))))
            return file;
        if (file >= 0) close(file);
        result = tracer_find_by_walking(question, &found);
        if (result != 0) return result;
    }
    int flags = O_PATH | O_CLOEXEC | (found.itself || !place.kernel_follows ? O_NOFOLLOW : 0);
    int file = open(place.host, flags);
    return file < 0 ? -errno : file;
}

static int give(const struct tracer_question *question, uint64_t address, const void *from,
                size_t size) {
    // Else the number may be another process's by now.
    if (ioctl(question->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &question->id) < 0) return -ENOENT;
    return tracer_write_memory(question->process, address, from, size);
}

// stat64 of i386; arch/x86/include/uapi/asm/stat.h.
struct status32 {
    uint64_t st_dev;
    uint32_t padding, st_ino_low, st_mode, st_nlink, st_uid, st_gid;
    uint64_t st_rdev;
    uint32_t padding_;
    int64_t st_size;
    uint32_t st_blksize;
    uint64_t st_blocks;
    uint32_t st_atime_, st_atime_nsec_, st_mtime_, st_mtime_nsec_, st_ctime_, st_ctime_nsec_;
    uint64_t st_ino;
} __attribute__((packed));

static struct status32 narrow(const struct stat *status) {
    return (struct status32){
        .st_dev = status->st_dev, .st_ino_low = (uint32_t)status->st_ino,
        .st_mode = status->st_mode, .st_nlink = (uint32_t)status->st_nlink,
        .st_uid = status->st_uid, .st_gid = status->st_gid, .st_rdev = status->st_rdev,
        .st_size = status->st_size, .st_blksize = (uint32_t)status->st_blksize,
        .st_blocks = (uint64_t)status->st_blocks,
        .st_atime_ = (uint32_t)status->st_atim.tv_sec,
        .st_atime_nsec_ = (uint32_t)status->st_atim.tv_nsec,
        .st_mtime_ = (uint32_t)status->st_mtim.tv_sec,
        .st_mtime_nsec_ = (uint32_t)status->st_mtim.tv_nsec,
        .st_ctime_ = (uint32_t)status->st_ctim.tv_sec,
        .st_ctime_nsec_ = (uint32_t)status->st_ctim.tv_nsec,
        .st_ino = status->st_ino,
    };
}

// Where the command is root as far as it can tell, what belongs to it is root's.
static uint32_t shown_id(const struct tracer_question *question, uint32_t id, uint32_t own) {
    return question->plan->root_user && id == own ? 0 : id;
}

// The argument after the path is where the answer goes; statx(2) has two more in between.
static int64_t status(const struct tracer_question *question, int file) {
    struct stat status;
    uint64_t address = question->arguments[question->call->first.path + 1];
    if (syscall(SYS_newfstatat, file, "", &status, AT_EMPTY_PATH) < 0) return -errno;
    status.st_uid = shown_id(question, status.st_uid, geteuid());
    status.st_gid = shown_id(question, status.st_gid, getegid());
    if (!question->is_32_bit) return give(question, address, &status, sizeof status);
    struct status32 small = narrow(&status);
    return give(question, address, &small, sizeof small);
}

static int64_t extended_status(const struct tracer_question *question, int file) {
    struct statx status;
    unsigned flags = (unsigned)question->arguments[2] & AT_STATX_SYNC_TYPE;
    unsigned mask = (unsigned)question->arguments[3];
    if (syscall(SYS_statx, file, "", flags | AT_EMPTY_PATH, mask, &status) < 0) return -errno;
    status.stx_uid = shown_id(question, status.stx_uid, geteuid());
    status.stx_gid = shown_id(question, status.stx_gid, getegid());
    return give(question, question->arguments[4], &status, sizeof status);
}

static int64_t access_of(const struct tracer_question *question, int file) {
    int position = question->call->first.path + 1;
    int mode = (int)question->arguments[position];
    int flags = question->call->flags < 0 ? 0 : (int)question->arguments[question->call->flags];
    flags = (flags & AT_EACCESS) | AT_EMPTY_PATH;
    if (syscall(439 /* faccessat2 */, file, "", mode, flags) < 0) return -errno;
    if (!(mode & W_OK) || !place.mount->read_only) return 0;
    struct stat status;
    if (fstat(file, &status) < 0) return -errno;
    return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) ? -EROFS : 0;
}

static int64_t filesystem_status(const struct tracer_question *question, int file) {
    struct statfs status;
    if (fstatfs(file, &status) < 0) return -errno;
    if (place.mount->read_only) status.f_flags |= ST_RDONLY;
    return give(question, question->arguments[1], &status, sizeof status);
}

static int64_t give_text(const struct tracer_question *question, uint64_t address, uint64_t room,
                         const char *text, ssize_t length) {
    if (length < 0) return -errno;
    if (room == 0) return -EINVAL;
    if ((uint64_t)length > room) length = (ssize_t)room;
    int result = give(question, address, text, (size_t)length);
    return result < 0 ? result : length;
}

static int64_t read_link(const struct tracer_question *question) {
    struct tracer_found found = {0};
    int result = tracer_find(question, true, &found);
    if (result != 0) return result == TRACER_NATIVE ? TRACER_KERNELS : result;
    int position = question->call->first.path + 1;
    uint64_t address = question->arguments[position];
    uint64_t room = question->arguments[position + 1] & INT32_MAX;
    if (!found.is_walked) {
        int file = tracer_open_without_links(place.host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (file < 0 && errno != ELOOP) return -errno;
        if (file >= 0) {
            ssize_t length = readlinkat(file, "", place.link, sizeof place.link);
            int error = errno;
            close(file);
            // readlink(2) of what is no link; an empty path has another error.
            errno = error == ENOENT ? EINVAL : error;
            return give_text(question, address, room, place.link, length);
        }
        result = tracer_find_by_walking(question, &found);
        if (result != 0) return result;
    }
    if (place.link_length < 0)
        place.link_length = readlink(place.host, place.link, sizeof place.link);
    return give_text(question, address, room, place.link, place.link_length);
}

static int64_t working_directory(const struct tracer_question *question) {
    static char host[PATH_MAX], guest[PATH_MAX];
    ssize_t length = tracer_process_link(question->process, "cwd", -1, host);
    if (length < 0) return length;
    if (!tracer_to_guest(question->plan, host, guest)) return -ENOENT;
    if (!*guest) tracer_put(guest, "/");
    size_t size = strlen(guest) + 1;
    if (question->arguments[1] < size) return -ERANGE;
    int result = give(question, question->arguments[0], guest, size);
    return result < 0 ? result : (int64_t)size;
}

// getxattr(2) and listxattr(2) know no descriptor that allows nothing; their path has no links.
static int64_t attribute(const struct tracer_question *question, bool is_list) {
    static char name[XATTR_NAME_MAX + 1], value[XATTR_SIZE_MAX];
    struct tracer_found found = {0};
    int result = tracer_find(question, false, &found);
    if (result != 0) return result == TRACER_NATIVE ? TRACER_KERNELS : result;
    int position = is_list ? 1 : 2;
    uint64_t room = question->arguments[position + 1];
    if (room > sizeof value) room = sizeof value;
    ssize_t length;
    if (is_list) {
        length = llistxattr(place.host, value, room);
    } else {
        ssize_t got = tracer_read_path(question->process, question->arguments[1], value);
        if (got < 0 || got > XATTR_NAME_MAX) return -ERANGE;
        memcpy(name, value, (size_t)got + 1);
        length = lgetxattr(place.host, name, value, room);
    }
    if (length < 0) return -errno;
    if (room == 0) return length;
    result = give(question, question->arguments[position], value, (size_t)length);
    return result < 0 ? result : length;
}

static int64_t look_at(const struct tracer_question *question,
                       int64_t (*look)(const struct tracer_question *, int)) {
    int64_t file = find_open(question);
    if (file < 0) return file;
    int64_t result = look(question, (int)file);
    close((int)file);
    return result;
}

int64_t tracer_look(const struct tracer_question *question) {
    if (!question->call) return TRACER_KERNELS;
    switch (question->call->operation) {
    case TRACER_OPEN: return tracer_look_open(question);
    case TRACER_STATUS: return look_at(question, status);
    case TRACER_EXTENDED_STATUS: return look_at(question, extended_status);
    case TRACER_ACCESS: return look_at(question, access_of);
    case TRACER_FILESYSTEM_STATUS: return look_at(question, filesystem_status);
    case TRACER_READ_LINK: return read_link(question);
    case TRACER_WORKING_DIRECTORY_NAME: return working_directory(question);
    case TRACER_ATTRIBUTE: return attribute(question, false);
    case TRACER_ATTRIBUTE_LIST: return attribute(question, true);
    default: return TRACER_KERNELS;
    }
}
