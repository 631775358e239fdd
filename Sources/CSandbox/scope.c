// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that becomes the command.

#define _GNU_SOURCE
#include "include/sandbox.h"
#include "include/scope.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// landlock(7), ABI 6; spelt out because headers of that age are not everywhere yet.
struct scoped_ruleset {
    uint64_t access_fs;
    uint64_t access_net;
    uint64_t scoped;
};
enum { SCOPE_ABSTRACT_UNIX_SOCKET = 1, SCOPE_SIGNAL = 2, LANDLOCK_VERSION = 1 };

int sandbox_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
    return version < 0 ? 0 : (int)version;
}

// Signals and abstract sockets stay inside. The command shares the caller's process group, for the
// terminal's sake, and kill(0, …) would reach that group beyond the pid namespace.
int confine_signals(void) {
    if (sandbox_landlock_version() < 6) return 0; // older kernels, and those started without Landlock
    struct scoped_ruleset attributes = {.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0) return -1;
    long result = syscall(SYS_landlock_restrict_self, ruleset, 0);
    int error = errno;
    close(ruleset);
    errno = error;
    return (int)result;
}
