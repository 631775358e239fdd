// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the caller: makes the answerer, hears the report, waits for the end.

#define _GNU_SOURCE
#include "parts.h"

#include <channel.h>
#include <errno.h>
#include <forwarding.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void tracer_tell(int channel, enum tracer_stage stage, int value) {
    struct tracer_report report = {.stage = stage, .value = value};
    while (send(channel, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

noreturn void tracer_fail(int channel, enum tracer_stage stage) {
    tracer_tell(channel, stage, errno);
    _exit(1);
}

static int wait_for(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, __WALL) < 0 && errno == EINTR) {
    }
    return status;
}

int tracer_start(const struct tracer_plan *plan, struct tracer_process *process,
                 struct tracer_report *report) {
    int ends[2];
    *report = (struct tracer_report){.stage = TRACER_CHANNEL};
    if (open_channel(ends) < 0) {
        report->value = errno;
        return -1;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    // No exit signal, so that neither an ignored SIGCHLD nor another waiter of the caller takes it.
    pid_t answerer = (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0);
    int error = errno;
    if (answerer == 0) {
        close(ends[0]);
        tracer_answer(plan, ends[1]);
    }
    close(ends[1]);
    if (answerer > 0) begin_forwarding(ends[0]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    *process = (struct tracer_process){.answerer = answerer, .channel = ends[0]};
    if (answerer > 0) return 0;
    close(ends[0]);
    *report = (struct tracer_report){.stage = TRACER_START, .value = error};
    return -1;
}

void tracer_receive(const struct tracer_process *process, struct tracer_report *report) {
    ssize_t size;
    do size = recv(process->channel, report, sizeof *report, 0);
    while (size < 0 && (errno == EINTR || errno == ECONNRESET));
    // End of file: somebody killed the tracer, and so all that it traced.
    if (size != sizeof *report)
        *report = (struct tracer_report){.stage = TRACER_ENDED, .value = SIGKILL};
}

void tracer_finish(struct tracer_process *process) {
    wait_for(process->answerer);
    end_forwarding();
    close(process->channel);
}
