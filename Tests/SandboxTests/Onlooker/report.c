// SPDX-License-Identifier: MIT OR Apache-2.0
// Says what came of a call, in one line.

#define _GNU_SOURCE
#include "onlooker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void say(const char *name, long result) {
    printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "done");
    fflush(stdout);
}

void say_text(const char *name, const char *text) {
    printf("%s %s\n", name, text ? text : strerrorname_np(errno));
    fflush(stdout);
}

int opens(const char *path, int flags) {
    int file = open(path, flags, 0666);
    if (file >= 0) close(file);
    return file;
}

const char *contents(const char *path, int flags) {
    static char text[64];
    int file = open(path, flags);
    if (file < 0) return NULL;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size < 0) return NULL;
    text[size] = 0;
    text[strcspn(text, "\n")] = 0;
    return text;
}

const char *link_of(const char *path) {
    static char text[4096];
    ssize_t size = readlink(path, text, sizeof text - 1);
    if (size < 0) return NULL;
    text[size] = 0;
    return text;
}

const char *kind_of(const char *path, int flags) {
    struct stat status;
    if (fstatat(AT_FDCWD, path, &status, flags) < 0) return NULL;
    if (S_ISLNK(status.st_mode)) return "link";
    if (S_ISDIR(status.st_mode)) return "directory";
    return S_ISREG(status.st_mode) ? "file" : "other";
}
