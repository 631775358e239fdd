// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TRANSFER_DEFAULTS_H
#define TRANSFER_DEFAULTS_H

#include <stddef.h>

/// What every HTTP transfer of this process starts with.
///
/// Foundation's URLSession on Linux is libcurl, and has no words for these options: it reads no
/// certificate bundle but the one libcurl was built for, accepts whatever TLS version libcurl
/// does, and knows no timeout for a transfer that merely trickles. Nor has it any for the version of
/// HTTP, which is 1.1 always.
struct transfer_defaults {
    /// Trusted certificates in PEM, instead of the built-in bundle; NULL keeps that one.
    /// The bytes must live as long as the process.
    const void *_Nullable certificates;
    size_t certificates_length;
    /// Hosts that no proxy is asked for, in libcurl's notation; must live as long as the process.
    const char *_Nonnull direct_hosts;
    /// Milliseconds for name resolution, connection and TLS handshake.
    long connect_timeout;
    /// A transfer slower than this many bytes per second …
    long stall_speed;
    /// … for this many seconds is given up.
    long stall_seconds;
    /// Whether a connection to this address, in numbers, may be used for the URL; asked before
    /// anything is sent over it. NULL admits all.
    int (*_Nullable admits)(const char *_Nonnull url, const char *_Nonnull address);
};

/// Sets what the transfers begun from now on start with; the last call wins.
///
/// Returns 0, or ENOMEM. What is set is kept for ever, as a transfer may still be using it.
int transfer_defaults_set(struct transfer_defaults defaults);

#endif
