// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

let status = await Door.enter()
exit(status)
