// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the caller, after the end: removes what was temporary. Swift's module of C does not have nftw(3).

#define _GNU_SOURCE
#include "include/tracer.h"

#include <ftw.h>
#include <stdio.h>

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position) {
    (void)status;
    (void)kind;
    (void)position;
    remove(path);
    return 0;
}

void tracer_remove_tree(const char *path) {
    enum { OPEN_DIRECTORIES = 32 };
    nftw(path, remove_entry, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
