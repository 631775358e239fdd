// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the caller: signals sent to it alone go on to the command, a byte each, over `channel`.

#ifndef FORWARDING_H
#define FORWARDING_H

void begin_forwarding(int channel);
void end_forwarding(void);

#endif
