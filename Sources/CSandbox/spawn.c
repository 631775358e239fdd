// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the caller: makes init, hears its reports, waits for its end.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void tell(int channel, enum sandbox_stage stage, int index, int value) {
    struct sandbox_report report = {.stage = stage, .index = index, .value = value};
    while (send(channel, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

void tell_directory(int channel, enum sandbox_stage stage, int index, int directory) {
    struct sandbox_report report = {.stage = stage, .index = index};
    while (send_with_descriptor(channel, &report, sizeof report, directory) < 0 && errno == EINTR) {
    }
}

noreturn void fail(int channel, enum sandbox_stage stage, int index) {
    tell(channel, stage, index, errno);
    _exit(1);
}

// fork(2) into new namespaces. No exit signal, so that neither an ignored SIGCHLD nor another
// waiter of the caller takes init away from us; waitpid(2) then needs __WALL.
static pid_t clone_init(const struct sandbox_plan *plan, bool *handlers_are_reset) {
    unsigned long namespaces =
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    if (plan->private_network) namespaces |= CLONE_NEWNET;
    struct clone_args arguments = {.flags = namespaces | CLONE_NEWCGROUP | CLONE_CLEAR_SIGHAND};
    *handlers_are_reset = true;
    pid_t init = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (init >= 0) return init;
    // Linux 5.5; and containers' filters, which cannot look into its arguments, have no clone3(2).
    *handlers_are_reset = false;
    init = (pid_t)syscall(SYS_clone, namespaces | CLONE_NEWCGROUP, 0, 0, 0, 0);
    // clone(2), EINVAL: a kernel built without control groups.
    if (init < 0 && errno == EINVAL) init = (pid_t)syscall(SYS_clone, namespaces, 0, 0, 0, 0);
    return init;
}

static int wait_for(pid_t init) {
    int status = 0;
    while (waitpid(init, &status, __WALL) < 0 && errno == EINTR) {
    }
    return status;
}

static int fail_to_start(struct sandbox_report *report, enum sandbox_stage stage, int error) {
    *report = (struct sandbox_report){.stage = stage, .value = error};
    return -1;
}

int sandbox_start(const struct sandbox_plan *plan, struct sandbox_process *process,
                  struct sandbox_report *report) {
    int ends[2];
    if (open_channel(ends) < 0) return fail_to_start(report, SANDBOX_CHANNEL, errno);
    // Init never takes a signal by interruption, so it begins with all of them blocked.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool handlers_are_reset;
    pid_t init = clone_init(plan, &handlers_are_reset);
    int error = errno;
    if (init == 0) {
        close(ends[0]);
        run_init(plan, ends[1], handlers_are_reset);
    }
    close(ends[1]);
    if (init > 0) begin_forwarding(ends[0]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    *process = (struct sandbox_process){.init = init, .channel = ends[0]};
    if (init > 0) return 0;
    close(ends[0]);
    return fail_to_start(report, SANDBOX_NAMESPACES, error);
}

void sandbox_receive(const struct sandbox_process *process, struct sandbox_report *report,
                     int *descriptor) {
    ssize_t size;
    // unix(7), ECONNRESET: init ended before it had read all of ours. Said once; its report follows.
    do size = receive_with_descriptor(process->channel, report, sizeof *report, descriptor);
    while (size < 0 && (errno == EINTR || errno == ECONNRESET));
    if (size == sizeof *report) return;
    // End of file: somebody killed init, and so all that was inside. Its fate is the command's.
    siginfo_t end = {0};
    int options = WEXITED | WNOWAIT | __WALL;
    while (waitid(P_PID, (id_t)process->init, &end, options) < 0 && errno == EINTR) {
    }
    int signal = end.si_code == CLD_EXITED ? SIGKILL : end.si_status;
    *report = (struct sandbox_report){.stage = SANDBOX_ENDED, .value = signal};
}

void sandbox_finish(struct sandbox_process *process) {
    wait_for(process->init);
    end_forwarding();
    close(process->channel);
}
