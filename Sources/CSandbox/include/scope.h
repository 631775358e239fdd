// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef SCOPE_H
#define SCOPE_H

// From now on, signals and abstract sockets reach nothing but what this process starts, on Linux 6.12 and
// newer. Needs no_new_privs. Returns 0, or -1 with errno.
int confine_signals(void);

#endif
