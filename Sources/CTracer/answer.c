// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that answers calls that only look, and in nothing else: a descriptor or a result
// is put into the process that asked, which has not noticed anything. It is an ancestor of all that it
// answers, as Yama wants of whoever reads another's memory.
// Source: seccomp_unotify(2).

#define _GNU_SOURCE
#include "parts.h"
#include "look.h"

#include <channel.h>
#include <errno.h>
#include <fcntl.h>
#include <forwarding.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
enum { SYNCHRONOUS_WAKE_UP = 1 };

static pid_t tracer = -1;

static void end_with_tracer(int signal) {
    (void)signal;
    int error = errno;
    // Besides the tracer those that wait in our name for the other end of a pipe.
    for (pid_t child; (child = waitpid(-1, NULL, WNOHANG)) > 0;)
        if (child == tracer) _exit(0);
    errno = error;
}

static int follow_tracer(void) {
    struct sigaction action = {.sa_handler = end_with_tracer, .sa_flags = SA_RESTART};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    if (sigaction(SIGCHLD, &action, NULL) < 0) return -1;
    return sigprocmask(SIG_UNBLOCK, &child, NULL);
}

// A caller may start with any of 0 to 2 closed; no file opened from here on may take their place.
// Close-on-exec marks them for `tracer_become_command`.
static int occupy_standard_descriptors(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) continue;
        if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0) return -1;
    }
    return 0;
}

static int receive_listener(int passing) {
    char byte;
    int listener;
    while (receive_with_descriptor(passing, &byte, 1, &listener) < 0 && errno == EINTR) {
    }
    return listener;
}

static const struct tracer_call *call_of(const struct seccomp_data *data) {
    bool is_32_bit = tracer_is_32_bit(data->arch);
    for (size_t i = 0; i < tracer_call_count; i++) {
        const struct tracer_call *call = &tracer_calls[i];
        if ((is_32_bit ? call->number32 : call->number) == data->nr) return call;
    }
    return NULL;
}

static void respond(const struct tracer_plan *plan, int listener,
                    const struct seccomp_notif *notification) {
    struct tracer_question question = {
        .plan = plan,
        .listener = listener,
        .id = notification->id,
        .process = (pid_t)notification->pid,
        .is_32_bit = tracer_is_32_bit(notification->data.arch),
        .call = call_of(&notification->data),
    };
    memcpy(question.arguments, notification->data.args, sizeof question.arguments);
    int64_t result = tracer_look(&question);
    if (result == TRACER_SAID) return;
    struct seccomp_notif_resp response = {.id = notification->id};
    if (result == TRACER_KERNELS) response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (result < 0) response.error = (int32_t)result;
    else response.val = result;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response); // ENOENT: it is dead
}

static noreturn void serve(const struct tracer_plan *plan, int listener) {
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, (unsigned long)SYNCHRONOUS_WAKE_UP); // Linux 6.6
    for (;;) {
        // The kernel wants it zeroed.
        struct seccomp_notif notification = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notification) == 0)
            respond(plan, listener, &notification);
    }
}

noreturn void tracer_answer(const struct tracer_plan *plan, int channel) {
    int passing[2];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    reset_handlers();
    if (occupy_standard_descriptors() < 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, passing) < 0)
        tracer_fail(channel, TRACER_START);
    tracer = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (tracer < 0) tracer_fail(channel, TRACER_START);
    if (tracer == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(passing[0]);
        tracer_trace(plan, channel, passing[1]);
    }
    close(passing[1]);
    close(channel);
    if (follow_tracer() < 0) _exit(1);
    int listener = receive_listener(passing[0]);
    close(passing[0]);
    // Nothing to answer: the command has told why it does not begin.
    if (listener < 0) for (;;) pause();
    serve(plan, listener);
}
