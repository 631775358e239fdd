// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in init of a sandbox whose kernel has no binary formats for it: starts foreign programs by their
// emulators. Of all system calls only execve(2) waits, for as long as it takes to look at the program; its
// own program, a native one or a script, then goes on untouched. A foreign one is stopped for a moment, gets
// the emulator's path and arguments, and begins its call again.
// Source: seccomp_unotify(2); ptrace(2), PTRACE_SEIZE and PTRACE_INTERRUPT; proc(5), fdinfo of pidfds.

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int tracer_listen_to_executions(void) { return tracer_load_execution_filter(); }

static const struct tracer_call *call_of(const struct seccomp_data *data) {
    bool is_32_bit = tracer_is_32_bit(data->arch);
    for (size_t i = 0; i < tracer_call_count; i++) {
        const struct tracer_call *call = &tracer_calls[i];
        if (call->operation == TRACER_EXECUTION &&
            (is_32_bit ? call->number32 : call->number) == data->nr)
            return call;
    }
    return NULL;
}

// How a /proc that is not of our pid namespace numbers a process, or 0.
static pid_t number_in_proc(pid_t process) {
    char path[64], text[512];
    int descriptor = (int)syscall(SYS_pidfd_open, process, 0);
    if (descriptor < 0) return 0;
    tracer_put_number(tracer_put(path, "/proc/self/fdinfo/"), (unsigned long)descriptor);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    close(descriptor);
    text[size > 0 ? size : 0] = 0;
    const char *line = strstr(text, "\nPid:\t");
    pid_t number = 0;
    for (line = line ? line + 6 : ""; *line >= '0' && *line <= '9'; line++)
        number = number * 10 + (*line - '0');
    return number;
}

static bool answer(int listener, struct seccomp_notif_resp response) {
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0;
}

static void go_on(int listener, uint64_t id) {
    answer(listener, (struct seccomp_notif_resp){
                         .id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE});
}

// What a traced process has come to; its end is left to whoever reaps. Negative: it has ended.
static int wait_for_stop(pid_t process) {
    siginfo_t state = {0};
    while (waitid(P_PID, (id_t)process, &state, WSTOPPED | WEXITED | WNOWAIT | __WALL) < 0)
        if (errno != EINTR) return -1;
    return state.si_code == CLD_TRAPPED ? state.si_status : -1;
}

// Whose memory could not be changed, and who is about to call again.
static pid_t unchangeable = -1;

// Whether the call is answered.
static bool divert(int listener, const struct seccomp_notif *request, struct tracer_stop *stop) {
    if (ptrace(PTRACE_SEIZE, stop->process, NULL, NULL) < 0) return false;
    // The number may be another process's by now.
    uint64_t id = request->id;
    bool waits = ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
    if (ptrace(PTRACE_INTERRUPT, stop->process, NULL, NULL) < 0) return false;
    if (waits)
        answer(listener, (struct seccomp_notif_resp){.id = request->id, .error = -TRACER_RESTART_ALWAYS});
    int state = wait_for_stop(stop->process);
    if (state < 0) return true;
    bool is_interrupted = state >> 8 == PTRACE_EVENT_STOP;
    if (is_interrupted && waits && tracer_read_interruption(stop) == 0 &&
        tracer_start_emulator(stop) < 0)
        unchangeable = stop->process;
    // ptrace(2), signal-delivery-stop: it came first, and will be delivered.
    long signal = is_interrupted ? 0 : state & 0xff;
    ptrace(PTRACE_DETACH, stop->process, NULL, (void *)signal);
    return true;
}

int tracer_answer_execution(const void *context, int listener) {
    const struct tracer_plan *plan = context;
    static struct seccomp_notif request;
    memset(&request, 0, sizeof request);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0) return 0; // it has ended meanwhile
    struct tracer_stop stop = {
        .process = (pid_t)request.pid,
        .process_in_proc = (pid_t)request.pid,
        .is_32_bit = tracer_is_32_bit(request.data.arch),
        .call = call_of(&request.data),
    };
    for (int i = 0; i < 6; i++) stop.arguments[i] = request.data.args[i];
    if (plan->foreign_processes) stop.process_in_proc = number_in_proc(stop.process);
    char byte;
    ssize_t readable = stop.call == NULL ? -EINVAL
        : tracer_read_memory(stop.process, stop.arguments[stop.call->first.path], &byte, 1);
    bool is_diverted = readable == 1 && stop.process != unchangeable &&
                       tracer_needs_emulator(plan, &stop) && divert(listener, &request, &stop);
    if (!is_diverted) {
        unchangeable = -1;
        go_on(listener, request.id);
    }
    errno = EPERM;
    return readable == -EPERM ? -1 : 0;
}
