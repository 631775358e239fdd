// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the answerer: open(2) of what is there. The descriptor is opened here and added there.
// Source: seccomp_unotify(2), SECCOMP_IOCTL_NOTIF_ADDFD; fifo(7).

#define _GNU_SOURCE
#include "look.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

// Gives the descriptor away. Ours is closed before the process goes on, and so not by
// SECCOMP_ADDFD_FLAG_SEND: a pipe must not have an end more than it knows of, nor a lock a holder.
static int64_t answer_with(const struct tracer_question *question, int file, int flags) {
    struct seccomp_notif_addfd addition = {
        .id = question->id,
        .srcfd = (uint32_t)file,
        .newfd_flags = (uint32_t)(flags & O_CLOEXEC),
    };
    int number = ioctl(question->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
    int64_t answer = number < 0 ? -errno : number;
    close(file);
    return answer;
}

static void wake(int signal) { (void)signal; }

static void be_woken_every(suseconds_t microseconds) {
    struct itimerval interval = {.it_interval.tv_usec = microseconds,
                                 .it_value.tv_usec = microseconds};
    setitimer(ITIMER_REAL, &interval, NULL);
}

// open(2) waits for a writer who comes. One who came since `held` was opened may have written and gone by
// now, which that descriptor knows: then it is the one to give away.
static int open_when_met(const char *host, int flags, int held) {
    struct sigaction action = {.sa_handler = wake};
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigaction(SIGALRM, &action, NULL);
    sigprocmask(SIG_UNBLOCK, &alarm, NULL);
    be_woken_every(20000);
    int file = -1;
    do {
        struct pollfd end = {.fd = held, .events = POLLIN};
        file = poll(&end, 1, 0) > 0 ? held : open(host, flags | O_CLOEXEC);
    } while (file < 0 && errno == EINTR);
    int failure = errno;
    be_woken_every(0);
    if (file == held) fcntl(held, F_SETFL, fcntl(held, F_GETFL) & ~O_NONBLOCK);
    errno = failure;
    return file;
}

// Nobody else is answered while one waits for the other end of a pipe, so somebody else waits. What is
// `held` open already, or -1, stays so until then: the other end must not find that nobody is there. No
// longer, either: who asked may close the pipe, and look for the other end at once.
static int64_t wait_elsewhere(const struct tracer_question *question, const char *host, int flags,
                              int held) {
    pid_t waiter = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (waiter < 0) return -errno;
    if (waiter > 0) return TRACER_SAID;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int file = held < 0 ? open(host, flags | O_CLOEXEC) : open_when_met(host, flags, held);
    int64_t result = file < 0 ? -errno : answer_with(question, file, flags);
    if (held >= 0 && file != held) close(held);
    struct seccomp_notif_resp response = {.id = question->id};
    if (result < 0) response.error = (int32_t)result;
    else response.val = result;
    ioctl(question->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    _exit(0);
}

// A device or a pipe may be written on any mount.
static bool is_refused(const struct tracer_place *place, const struct stat *status, int flags) {
    if (!place->mount->read_only) return false;
    if ((flags & O_ACCMODE) == O_RDONLY && !(flags & O_TRUNC)) return false;
    return S_ISREG(status->st_mode) || S_ISDIR(status->st_mode);
}

// 1: a pipe whose writer has to be waited for; where its reader had to be, it would not be open.
static int finish_open(const struct tracer_place *place, int file, int flags) {
    struct stat status;
    if (fstat(file, &status) < 0) return -errno;
    if (is_refused(place, &status, flags)) return -EROFS;
    if ((flags & O_NONBLOCK) || S_ISDIR(status.st_mode)) return 0;
    bool reads = (flags & O_ACCMODE) == O_RDONLY;
    if (S_ISFIFO(status.st_mode) && reads && !place->kernel_follows) return 1;
    return fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK) < 0 ? -errno : 0;
}

int64_t tracer_look_open(const struct tracer_question *question) {
    int flags = (int)question->arguments[question->call->flags];
    struct tracer_found found = {0};
    int result = tracer_find(question, true, &found);
    if (result != 0) return result == TRACER_NATIVE ? -ENOENT : result;
    struct tracer_place *place = found.place;
    // What would be truncated before it is looked at must be known to be writable.
    bool writes = (flags & O_TRUNC) || (flags & O_ACCMODE) != O_RDONLY;
    if (writes && place->mount->read_only) {
        struct stat status;
        if (!found.is_walked) result = tracer_find_by_walking(question, &found);
        if (result != 0) return result;
        if (stat(place->host, &status) < 0) return -errno;
        if (is_refused(place, &status, flags)) return -EROFS;
    }
    int quick = flags | O_CLOEXEC | O_NONBLOCK;
    int file = -1;
    errno = ELOOP;
    if (!found.is_walked)
        file = tracer_open_without_links(place->host, (uint64_t)(unsigned)(quick | O_NOFOLLOW));
    // ENOTDIR: O_DIRECTORY, and a link to one.
    if (file < 0 && (errno == ELOOP || (errno == ENOTDIR && !found.is_walked))) {
        if (!found.is_walked) result = tracer_find_by_walking(question, &found);
        if (result != 0) return result;
        file = open(place->host, quick);
    }
    // open(2), ENXIO: a pipe that nobody reads.
    if (file < 0 && errno == ENXIO && !(flags & O_NONBLOCK))
        return wait_elsewhere(question, place->host, flags, -1);
    if (file < 0) return -errno;
    result = finish_open(place, file, flags);
    if (result == 0) return answer_with(question, file, flags);
    int64_t answer = result < 0 ? result : wait_elsewhere(question, place->host, flags, file);
    close(file);
    return answer;
}
