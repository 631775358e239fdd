// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

// Before there is a second thread, and so before anything is awaited.
let session = CrossFetch.begin(CommandLine.arguments)
exit(await session.run())
