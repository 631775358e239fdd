// SPDX-License-Identifier: MIT OR Apache-2.0
// Signals on both sides of clone(2).

#ifndef FORWARDING_H
#define FORWARDING_H

// Runs in the caller: signals sent to it alone go on to the command, a byte each, over `channel`.
void begin_forwarding(int channel);
void end_forwarding(void);

// Runs in the copy: handlers belong to a program that is about to be replaced; what is ignored stays so,
// except the signal that tells of a child's end.
void reset_handlers(void);
void reset_handler(int signal);

// Before execve(2), which the mask outlives: all signals are blocked from before clone(2) until then.
void unblock_signals(void);

#endif
