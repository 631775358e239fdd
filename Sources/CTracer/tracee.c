// SPDX-License-Identifier: MIT OR Apache-2.0
// What the kernel tells of a process of the command's, and its memory.

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

char *tracer_put(char *to, const char *text) {
    size_t length = strlen(text);
    memcpy(to, text, length + 1);
    return to + length;
}

char *tracer_put_number(char *to, unsigned long number) {
    char digits[24];
    size_t count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    while (count > 0) *to++ = digits[--count];
    *to = 0;
    return to;
}

// proc(5): "/proc/<process>/<name>", and "/<descriptor>" where that is not negative.
static void process_path(char *path, pid_t process, const char *name, int descriptor) {
    char *end = tracer_put_number(tracer_put(path, "/proc/"), (unsigned long)process);
    end = tracer_put(tracer_put(end, "/"), name);
    if (descriptor >= 0) tracer_put_number(tracer_put(end, "/"), (unsigned long)descriptor);
}

enum { PROCESS_PATH_MAX = 80, PAGE = 4096 };

ssize_t tracer_process_link(pid_t process, const char *name, int descriptor, char *target) {
    char path[PROCESS_PATH_MAX];
    process_path(path, process, name, descriptor);
    ssize_t length = readlink(path, target, PATH_MAX - 1);
    if (length < 0) return -errno;
    target[length] = 0;
    return length;
}

static ssize_t read_file(pid_t process, const char *name, char *to, size_t size) {
    char path[PROCESS_PATH_MAX];
    process_path(path, process, name, -1);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = read(file, to, size - 1);
    close(file);
    if (length < 0) return -EIO;
    to[length] = 0;
    return length;
}

// The process of a thread, whose number is what both kinds of stops give.
pid_t tracer_group_of(pid_t process) {
    char status[512];
    if (read_file(process, "status", status, sizeof status) < 0) return process;
    const char *line = strstr(status, "\nTgid:\t");
    if (!line) return process;
    pid_t group = 0;
    for (line += 7; *line >= '0' && *line <= '9'; line++) group = group * 10 + (*line - '0');
    return group;
}

static bool is_loader(const char *path) {
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return strncmp(name, "ld-", 3) == 0 || strncmp(name, "ld.", 3) == 0 ||
           strncmp(name, "ld64.", 5) == 0;
}

// What a process runs. Of a program that was started by its loader, the kernel knows the loader only;
// its first argument is the program then, as execute.c has it.
ssize_t tracer_program_of(const struct tracer_plan *plan, pid_t process, char *guest) {
    char target[PATH_MAX];
    if (tracer_process_link(process, "exe", -1, target) < 0) return -1;
    if (!tracer_to_guest(plan, target, guest)) return -1;
    if (!is_loader(guest)) return (ssize_t)strlen(guest);
    char line[PATH_MAX];
    ssize_t length = read_file(process, "cmdline", line, sizeof line);
    if (length > 1 && line[0] == '/') tracer_put(guest, line);
    return (ssize_t)strlen(guest);
}

ssize_t tracer_read_memory(pid_t process, uint64_t address, void *to, size_t size) {
    struct iovec local = {.iov_base = to, .iov_len = size};
    struct iovec remote = {.iov_base = (void *)(uintptr_t)address, .iov_len = size};
    ssize_t length = process_vm_readv(process, &local, 1, &remote, 1, 0);
    return length < 0 ? -errno : length;
}

// Page by page, for the next one may not be there.
ssize_t tracer_read_path(pid_t process, uint64_t address, char *path) {
    size_t length = 0;
    while (length < PATH_MAX) {
        size_t part = PAGE - (address + length) % PAGE;
        if (part > PATH_MAX - length) part = PATH_MAX - length;
        ssize_t got = tracer_read_memory(process, address + length, path + length, part);
        if (got <= 0) return -EFAULT;
        const char *end = memchr(path + length, 0, (size_t)got);
        if (end) return end - path;
        length += (size_t)got;
    }
    return -ENAMETOOLONG;
}

int tracer_write_memory(pid_t process, uint64_t address, const void *from, size_t size) {
    struct iovec local = {.iov_base = (void *)(uintptr_t)from, .iov_len = size};
    struct iovec remote = {.iov_base = (void *)(uintptr_t)address, .iov_len = size};
    ssize_t length = process_vm_writev(process, &local, 1, &remote, 1, 0);
    return length == (ssize_t)size ? 0 : -EFAULT;
}
