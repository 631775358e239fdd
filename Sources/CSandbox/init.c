// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs as PID 1 of the sandbox: sets it up, starts the command, reaps, passes signals on. When it
// ends, the kernel kills whatever is left inside before the caller's wait returns.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Dies with the caller. prctl(2), PR_SET_PDEATHSIG: says nothing of a parent that is dead already;
// the channel does.
static void follow_caller(int channel) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct pollfd caller = {.fd = channel};
    if (poll(&caller, 1, 0) == 1 && (caller.revents & POLLHUP)) _exit(1);
}

// A caller may start with any of 0 to 2 closed; no file opened from here on may take their place.
// Close-on-exec marks them for `run_command`, which opens the sandbox's own /dev/null there.
static bool occupy_standard_descriptors(int channel) {
    bool occupied = false;
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) continue;
        if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0) fail(channel, SANDBOX_START, 0);
        occupied = true;
    }
    return occupied;
}

static int raise_loopback(void) {
    struct ifreq interface = {.ifr_name = "lo"};
    int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return -1;
    int result = ioctl(socket_, SIOCGIFFLAGS, &interface);
    if (result == 0) {
        interface.ifr_flags |= IFF_UP;
        result = ioctl(socket_, SIOCSIFFLAGS, &interface);
    }
    close(socket_);
    return result;
}

// The mounts, and binfmt_misc's files, belong to a user namespace in which the caller is 0. The
// command lives in another one inside it, where the caller is the caller, and where even the full
// set of capabilities would not reach the mounts. A command that is to be 0 stays, with capabilities
// that do not reach them either.
static void enter_command_identity(const struct sandbox_plan *plan, int channel) {
    if (plan->root_user) {
        if (keep_root_capabilities() < 0) fail(channel, SANDBOX_CONFINEMENT, 0);
    } else {
        if (unshare(CLONE_NEWUSER) < 0) fail(channel, SANDBOX_NAMESPACES, 0);
        if (write_id_maps(plan->command_uid_map, plan->command_gid_map, false) < 0)
            fail(channel, SANDBOX_IDENTITY, 0);
        if (drop_capabilities() < 0) fail(channel, SANDBOX_CONFINEMENT, 0);
    }
    // Our memory is a copy of the caller's, its environment included: /proc/1 shows none of it.
    if (prctl(PR_SET_DUMPABLE, 0) < 0) fail(channel, SANDBOX_CONFINEMENT, 0);
}

static void set_up(const struct sandbox_plan *plan, int channel) {
    if (write_id_maps(plan->owner_uid_map, plan->owner_gid_map, true) < 0)
        fail(channel, SANDBOX_IDENTITY, 0);
    if (plan->counted_namespaces && limit_user_namespaces(plan->root_user ? "0" : "1") < 0)
        fail(channel, SANDBOX_NAMESPACE_LIMIT, 0);
    if (plan->private_network && raise_loopback() < 0) fail(channel, SANDBOX_NETWORK, 0);
    if (plan->hostname && sethostname(plan->hostname, strlen(plan->hostname)) < 0)
        fail(channel, SANDBOX_HOSTNAME, 0);
    build_root(plan, channel);
    enter_command_identity(plan, channel);
}

static int keep_only(int channel) {
    int kept = channel == 3 ? 3 : dup3(channel, 3, O_CLOEXEC);
    if (kept < 0 || syscall(SYS_close_range, 4U, ~0U, 0U) < 0) return -1;
    return kept;
}

// What the command and its children start is looked at from now on; `serve` answers.
static int listen_to_executions(const struct sandbox_plan *plan, int channel) {
    if (!plan->executions.listen) return -1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail(channel, SANDBOX_CONFINEMENT, 0);
    int listener = plan->executions.listen();
    if (listener < 0) fail(channel, SANDBOX_EXECUTIONS, 0);
    return listener;
}

// It reads what hostile programs write, so it gets the command's filter, less ptrace(2).
static void confine_listener(const struct sandbox_plan *plan, int channel) {
    const struct sandbox_executions *executions = &plan->executions;
    if (executions->listen && load_filters(executions->filters, executions->filter_count) < 0)
        fail(channel, SANDBOX_FILTER, 0);
}

// The first call is the command's, and says whether others can be answered.
static void answer(const struct sandbox_plan *plan, int channel, int listener) {
    static bool is_proven = false;
    if (plan->executions.answer(plan->executions.plan, listener) < 0 && !is_proven)
        fail(channel, SANDBOX_EXECUTIONS, 0);
    is_proven = true;
}

// Reaps everything. Reports and ends when it was the command.
static void reap(pid_t command, int channel) {
    int status;
    for (;;) {
        pid_t child = waitpid(-1, &status, WNOHANG | __WALL);
        if (child <= 0) return;
        if (child != command || WIFSTOPPED(status)) continue;
        tell(channel, SANDBOX_ENDED, 0, status);
        _exit(0);
    }
}

static noreturn void serve(const struct sandbox_plan *plan, pid_t command, int channel, int children,
                           int listener) {
    struct pollfd sources[] = {
        {.fd = children, .events = POLLIN},
        {.fd = channel, .events = POLLIN},
        {.fd = listener, .events = POLLIN},
    };
    for (;;) {
        if (poll(sources, 3, -1) < 0) continue;
        if (sources[2].revents & POLLIN) answer(plan, channel, listener);
        struct signalfd_siginfo child;
        if (sources[0].revents && read(children, &child, sizeof child) > 0) reap(command, channel);
        if (!sources[1].revents) continue;
        unsigned char signal;
        // End of file, or a reset: the caller is gone.
        if (recv(channel, &signal, sizeof signal, 0) != sizeof signal) _exit(1);
        kill(command, signal);
    }
}

static int begin_command(void *beginning) {
    run_command(beginning);
}

// As vfork(2): until execve(2), the command is a process of its own in our memory, of which nothing is
// copied, and we sleep. Not where that call waits for us; nor for attempts, which are made before it and
// would succeed for whoever has our memory already.
static pid_t start_command(struct beginning *beginning) {
    if (beginning->plan->executions.listen || beginning->plan->attempts) {
        pid_t command = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (command == 0) begin_command(beginning);
        return command;
    }
    static _Alignas(16) char stack[1 << 16];
    return clone(begin_command, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, beginning);
}

noreturn void run_init(const struct sandbox_plan *plan, int channel, bool handlers_are_reset) {
    follow_caller(channel);
    if (handlers_are_reset) reset_handler(SIGCHLD); // ignored, it would reap the command for us
    else reset_handlers();
    bool has_placeholders = occupy_standard_descriptors(channel);
    mode_t mask = umask(0);
    set_up(plan, channel);
    int kept = keep_only(channel);
    if (kept < 0) fail(channel, SANDBOX_START, 0);
    channel = kept;
    follow_caller(channel); // prctl(2), PR_SET_PDEATHSIG: cleared when credentials change

    sigset_t child, missed;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    int children = signalfd(-1, &child, SFD_CLOEXEC);
    if (children < 0) fail(channel, SANDBOX_START, 0);
    int listener = listen_to_executions(plan, channel);
    // The terminal may have signalled the process group before the command was in it.
    sigpending(&missed);
    struct beginning beginning = {
        .plan = plan,
        .channel = channel,
        .mask = plan->umask < 0 ? mask : (mode_t)plan->umask,
        .has_placeholders = has_placeholders,
    };
    pid_t command = start_command(&beginning);
    if (command < 0) fail(channel, SANDBOX_START, 0);
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sigismember(&missed, ends[i])) kill(command, ends[i]);
    confine_listener(plan, channel);
    serve(plan, command, channel, children, listener);
}
