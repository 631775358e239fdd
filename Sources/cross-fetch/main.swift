// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

// Before there is a second thread, and so before anything is awaited.
let session = CrossFetch.begin(CommandLine.arguments)
let status = await session.run()
// Not exit(3): transfers that were given up may still have threads, which OpenSSL's handlers there pull the
// ground away from.
fflush(nil)
_exit(status)
