// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that becomes the command: its descriptors, its filter, and execve(2), which is
// translated already.

#define _GNU_SOURCE
#include "parts.h"

#include <channel.h>
#include <errno.h>
#include <execution.h>
#include <fcntl.h>
#include <forwarding.h>
#include <scope.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Where the caller had nothing, there is /dev/null.
static int complete_standard_descriptors(bool only_errors) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        bool is_replaced = only_errors && descriptor == STDIN_FILENO;
        if (flags >= 0 && !(flags & FD_CLOEXEC) && !is_replaced) continue;
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null < 0 || dup2(null, descriptor) < 0) return -1;
        close(null);
    }
    return only_errors ? dup2(STDERR_FILENO, STDOUT_FILENO) : 0;
}

static void wait_for_tracer(int start) {
    char byte;
    while (read(start, &byte, 1) < 0 && errno == EINTR) {
    }
}

noreturn void tracer_become_command(const struct tracer_plan *plan, int channel, int passing,
                                    int start, mode_t mask) {
    if (complete_standard_descriptors(plan->only_errors) < 0) tracer_fail(channel, TRACER_START);
    umask(mask);
    wait_for_tracer(start);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || confine_signals() < 0)
        tracer_fail(channel, TRACER_START);
    int listener = tracer_load_filter(plan);
    if (listener < 0) tracer_fail(channel, TRACER_FILTER);
    if (send_with_descriptor(passing, "", 1, listener) < 0) tracer_fail(channel, TRACER_FILTER);
    close(listener);
    // close_range(2), CLOSE_RANGE_CLOEXEC: nothing of the caller's but the standard descriptors.
    if (syscall(SYS_close_range, 3U, ~0U, 4U) < 0) tracer_fail(channel, TRACER_START);
    if (chdir(plan->working_directory) < 0) tracer_fail(channel, TRACER_WORKING_DIRECTORY);
    unblock_signals();
    int candidate = execute_candidate(plan->candidates, plan->arguments, plan->environment);
    tracer_fail(channel, candidate < 0 ? TRACER_NO_PROGRAM : TRACER_EXECUTE);
}
