// SPDX-License-Identifier: MIT OR Apache-2.0
// Sockets between the processes of a start.

#ifndef CHANNEL_H
#define CHANNEL_H

#include <sys/types.h>

// Both ends are above the standard three descriptors, whichever of those the caller has closed. Returns 0, or
// -1 with errno.
int open_channel(int ends[2]);

// Sends a message and a descriptor with it. Returns the message's size, or -1 with errno.
ssize_t send_with_descriptor(int channel, const void *message, size_t size, int descriptor);

// Receives a message and the descriptor that came with it, -1 where there is none. Returns as recvmsg(2).
ssize_t receive_with_descriptor(int channel, void *message, size_t size, int *descriptor);

#endif
