// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

exit(await CrossFetch.run(CommandLine.arguments))
