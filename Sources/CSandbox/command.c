// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that becomes the command: the last confinement, and execve(2).

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int load_filters(const struct sock_fprog *filters, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filters[i]) < 0) return -1;
    return 0;
}

// Init's copy of the caller's memory is nobody's affair. The command's is gone with execve(2), and nothing
// of the sandbox's runs before; init itself has to read what that call says.
static int open_memory_to_init(const struct sandbox_plan *plan) {
    return plan->executions.listen ? prctl(PR_SET_DUMPABLE, 1) : 0;
}

// Whether init can answer is known when it has answered: once, for nothing.
static void rehearse_execution(const struct sandbox_plan *plan) {
    if (plan->executions.listen) execve("", (char *const *)plan->arguments, NULL);
}

// Counted in the user namespace that the command is in, since Linux 5.14: only what is inside counts.
static int limit_processes(uint64_t count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NPROC, &limit) < 0) return -1;
    if (limit.rlim_max > count) limit.rlim_max = count;
    if (limit.rlim_cur > count) limit.rlim_cur = count;
    return setrlimit(RLIMIT_NPROC, &limit);
}

// Where the caller had nothing, `run_init` has opened the host's /dev/null; its own goes there.
static int replace_placeholders(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        if (flags >= 0 && !(flags & FD_CLOEXEC)) continue;
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null < 0 || dup2(null, descriptor) < 0) return -1;
        close(null);
    }
    return 0;
}

// The caller's standard output belongs to another command than this one.
static int use_only_errors(void) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0) return -1;
    if (null != STDIN_FILENO) close(null);
    return dup2(STDERR_FILENO, STDOUT_FILENO);
}

// From the root, where init has left us.
static int enter_working_directory(const char *path) {
    // Not by a link of /proc/<pid>: of all names inside, only those could lead to what is not.
    int directory = open_in_root(AT_FDCWD, path, O_PATH | O_DIRECTORY);
    return directory < 0 ? -1 : fchdir(directory);
}

noreturn void run_command(const struct beginning *beginning) {
    const struct sandbox_plan *plan = beginning->plan;
    int channel = beginning->channel;
    if (beginning->has_placeholders && replace_placeholders() < 0) fail(channel, SANDBOX_START, 0);
    if (plan->only_errors && use_only_errors() < 0) fail(channel, SANDBOX_START, 0);
    if (enter_working_directory(plan->working_directory) < 0)
        fail(channel, SANDBOX_WORKING_DIRECTORY, 0);
    umask(beginning->mask);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || confine_signals() < 0)
        fail(channel, SANDBOX_CONFINEMENT, 0);
    if (plan->process_limit > 0 && limit_processes(plan->process_limit) < 0)
        fail(channel, SANDBOX_CONFINEMENT, 0);
    if (open_memory_to_init(plan) < 0) fail(channel, SANDBOX_CONFINEMENT, 0);
    if (load_filters(plan->filters, plan->filter_count) < 0) fail(channel, SANDBOX_FILTER, 0);
    if (plan->attempts) make_attempts(channel);
    if (plan->rehearsal) {
        rehearse_execution(plan);
        _exit(0);
    }
    unblock_signals();
    int candidate = execute_candidate(plan->candidates, plan->arguments, plan->environment);
    if (candidate < 0) fail(channel, SANDBOX_NO_PROGRAM, 0);
    fail(channel, SANDBOX_EXECUTE, candidate);
}
