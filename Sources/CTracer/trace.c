// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that traces the command and all that it starts. Nothing of it outlives this one.
// Source: ptrace(2), "Attaching and detaching", "Group-stop", PTRACE_O_EXITKILL.

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int channel_of_caller = -1;
static pid_t command = -1;

// A byte is a signal for the command; the end of the channel is the caller's.
static void pass_on(int signal) {
    (void)signal;
    int error = errno;
    for (;;) {
        unsigned char byte;
        ssize_t size = recv(channel_of_caller, &byte, sizeof byte, MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
        if (size != sizeof byte) _exit(1);
        kill(command, byte);
    }
    errno = error;
}

static int listen_to_caller(int channel) {
    channel_of_caller = channel;
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    sigset_t readable;
    sigemptyset(&readable);
    sigaddset(&readable, SIGIO);
    if (sigaction(SIGIO, &action, NULL) < 0) return -1;
    if (fcntl(channel, F_SETOWN, getpid()) < 0) return -1;
    if (fcntl(channel, F_SETFL, fcntl(channel, F_GETFL) | O_ASYNC) < 0) return -1;
    if (sigprocmask(SIG_UNBLOCK, &readable, NULL) < 0) return -1;
    raise(SIGIO); // for what came before
    return 0;
}

// Every generation: the children of what has been killed are ours then.
static void end_all(void) {
    char path[64], children[4096];
    char *end = tracer_put(path, "/proc/self/task/");
    tracer_put(tracer_put_number(end, (unsigned long)getpid()), "/children");
    for (;;) {
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) return; // PTRACE_O_EXITKILL is left
        ssize_t size = read(file, children, sizeof children - 1);
        close(file);
        pid_t child = 0;
        for (ssize_t i = 0; i < size; i++) {
            if (children[i] != ' ') child = child * 10 + (children[i] - '0');
            if (children[i] == ' ' && child > 0) kill(child, SIGKILL);
            if (children[i] == ' ') child = 0;
        }
        if (waitpid(-1, NULL, __WALL) < 0 && errno == ECHILD) return;
    }
}

static noreturn void end(int channel, int status) {
    end_all();
    tracer_tell(channel, TRACER_ENDED, status);
    _exit(0);
}

static void proceed(pid_t process, bool stops_after, int signal) {
    ptrace(stops_after ? PTRACE_SYSCALL : PTRACE_CONT, process, NULL, (void *)(long)signal);
}

static void take_call(const struct tracer_plan *plan, pid_t process) {
    struct tracer_stop stop;
    bool stops_after = tracer_read_stop(process, &stop) == 0 && tracer_rewrite(plan, &stop);
    proceed(process, stops_after, 0);
}

// The thread that called execve(2) goes on under the number of its process.
static void take_execution(pid_t process) {
    unsigned long former = 0;
    ptrace(PTRACE_GETEVENTMSG, process, NULL, &former);
    tracer_forget((pid_t)former);
    tracer_forget(process);
    proceed(process, false, 0);
}

static bool stops_group(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void take_stop(const struct tracer_plan *plan, pid_t process, int status) {
    int signal = WSTOPSIG(status), event = status >> 16;
    switch (event) {
    case PTRACE_EVENT_SECCOMP: take_call(plan, process); break;
    case PTRACE_EVENT_EXEC: take_execution(process); break;
    case PTRACE_EVENT_STOP:
        if (stops_group(signal)) ptrace(PTRACE_LISTEN, process, NULL, NULL);
        else proceed(process, false, 0);
        break;
    case 0:
        if (signal == (SIGTRAP | 0x80)) {
            tracer_restore(process);
            proceed(process, false, 0);
        } else {
            proceed(process, false, signal);
        }
        break;
    default: proceed(process, false, 0);
    }
}

static noreturn void serve(const struct tracer_plan *plan, int channel) {
    for (;;) {
        int status;
        pid_t process = waitpid(-1, &status, __WALL);
        if (process < 0 && errno == EINTR) continue;
        if (process < 0) _exit(1);
        if (WIFSTOPPED(status)) {
            take_stop(plan, process, status);
            continue;
        }
        tracer_forget(process);
        if (process == command) end(channel, status);
    }
}

noreturn void tracer_trace(const struct tracer_plan *plan, int channel, int passing) {
    int start[2];
    // Orphans of the command's are ours, so that they can be found, and traced where Yama asks for it.
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    mode_t mask = umask(0);
    umask(mask);
    if (plan->root_user) mask = S_IWGRP | S_IWOTH; // as the sandbox has it for root
    if (pipe2(start, O_CLOEXEC) < 0) tracer_fail(channel, TRACER_START);
    command = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (command < 0) tracer_fail(channel, TRACER_START);
    if (command == 0) {
        close(start[1]);
        tracer_become_command(plan, channel, passing, start[0], mask);
    }
    close(start[0]);
    close(passing);
    long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
                   PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                   PTRACE_O_TRACECLONE;
    if (ptrace(PTRACE_SEIZE, command, NULL, (void *)options) < 0) {
        int error = errno;
        kill(command, SIGKILL);
        errno = error;
        tracer_fail(channel, TRACER_TRACE);
    }
    if (listen_to_caller(channel) < 0) tracer_fail(channel, TRACER_CHANNEL);
    close(start[1]); // which lets the command begin
    serve(plan, channel);
}
