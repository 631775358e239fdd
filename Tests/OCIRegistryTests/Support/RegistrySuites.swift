// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

/// Everything that talks HTTP, one test at a time: what a client trusts holds for the process.
@Suite(.serialized) enum RegistrySuites {}
