// SPDX-License-Identifier: MIT OR Apache-2.0
// Signals on both sides of clone(2): those sent to the caller alone go on to the command.

#define _GNU_SOURCE
#include "stages.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
enum { FORWARDED = sizeof forwarded / sizeof *forwarded };

static struct sigaction before[FORWARDED];
static volatile sig_atomic_t destination = -1;

// sigaction(2), SI_KERNEL: from the terminal, which signals the whole foreground process group, and
// the command is in it. But of its hanging up it tells the leader of the session alone.
static bool reached_command(int signal, const siginfo_t *information) {
    if (information->si_code != SI_KERNEL) return false;
    return signal != SIGHUP || getsid(0) != getpid();
}

static void forward(int signal, siginfo_t *information, void *context) {
    (void)context;
    if (reached_command(signal, information)) return;
    int error = errno;
    unsigned char byte = (unsigned char)signal;
    send(destination, &byte, sizeof byte, MSG_DONTWAIT | MSG_NOSIGNAL);
    errno = error;
}

void begin_forwarding(int channel) {
    struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&action.sa_mask);
    destination = channel;
    for (int i = 0; i < FORWARDED; i++) {
        sigaction(forwarded[i], &action, &before[i]);
        // What the caller was told to ignore, by nohup(1) for one, the command ignores too. All signals
        // are blocked meanwhile.
        if (before[i].sa_handler == SIG_IGN) sigaction(forwarded[i], &before[i], NULL);
    }
}

void end_forwarding(void) {
    for (int i = 0; i < FORWARDED; i++) sigaction(forwarded[i], &before[i], NULL);
    destination = -1;
}

void unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void reset_handler(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
}

void reset_handlers(void) {
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) < 0) continue;
        if (action.sa_handler == SIG_DFL) continue;
        if (action.sa_handler == SIG_IGN && signal != SIGCHLD) continue;
        reset_handler(signal);
    }
}
