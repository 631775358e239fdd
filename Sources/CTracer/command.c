// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that becomes the command: its descriptors, its filter, and execve(2), which is
// translated already.

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <scope.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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

static int hand_over(int passing, int listener) {
    char byte = 0;
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof listener)] = {0};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control,
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof listener);
    memcpy(CMSG_DATA(header), &listener, sizeof listener);
    return sendmsg(passing, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static void wait_for_tracer(int start) {
    char byte;
    while (read(start, &byte, 1) < 0 && errno == EINTR) {
    }
}

static void unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// execvp(3)'s search: on past what is not there or may not be run; the latter is remembered.
static noreturn void execute(const struct tracer_plan *plan, int channel) {
    bool is_refused = false;
    for (int i = 0; plan->candidates[i]; i++) {
        execve(plan->candidates[i], (char *const *)plan->arguments,
               (char *const *)plan->environment);
        int error = errno;
        struct stat status;
        // execve(2), ENOENT for a file that is there: its interpreter is not.
        bool exists = stat(plan->candidates[i], &status) == 0;
        errno = error;
        if (error == EACCES) is_refused = true;
        if (error == EACCES || (error == ENOENT && !exists) || error == ENOTDIR) continue;
        tracer_fail(channel, TRACER_EXECUTE);
    }
    errno = EACCES;
    tracer_fail(channel, is_refused ? TRACER_EXECUTE : TRACER_NO_PROGRAM);
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
    if (hand_over(passing, listener) < 0) tracer_fail(channel, TRACER_FILTER);
    close(listener);
    // close_range(2), CLOSE_RANGE_CLOEXEC: nothing of the caller's but the standard descriptors.
    if (syscall(SYS_close_range, 3U, ~0U, 4U) < 0) tracer_fail(channel, TRACER_START);
    if (chdir(plan->working_directory) < 0) tracer_fail(channel, TRACER_WORKING_DIRECTORY);
    unblock_signals();
    execute(plan, channel);
}
