// SPDX-License-Identifier: MIT OR Apache-2.0

#define _GNU_SOURCE
#include "include/execution.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

int execute_candidate(const char *const *candidates, const char *const *arguments,
                      const char *const *environment) {
    int refused = -1;
    for (int i = 0; candidates[i]; i++) {
        execve(candidates[i], (char *const *)arguments, (char *const *)environment);
        int error = errno;
        struct stat status;
        // execve(2), ENOENT for a file that is there: its interpreter is not.
        bool exists = stat(candidates[i], &status) == 0;
        errno = error;
        if (error == EACCES && refused < 0) refused = i;
        if (error == EACCES || (error == ENOENT && !exists) || error == ENOTDIR) continue;
        return i;
    }
    errno = EACCES;
    return refused;
}
