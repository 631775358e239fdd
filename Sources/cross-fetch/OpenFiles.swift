// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: getrlimit(2), `RLIMIT_NOFILE`.

import CLinux

/// How many files this process may have open.
enum OpenFiles {
    /// With fewer, swift-subprocess 1.0 may wait for ever for a program that it could not watch.
    private static let least: UInt = 64
    /// Each layer that is unpacked has the directories open that its files go to.
    private static let plenty: UInt = 4096

    /// Lets this process have as many as it may need, where the shell's limit can be raised.
    ///
    /// - Throws: `StartError.openFiles` where that is too few.
    static func allow() throws(StartError) {
        let allowed = allow_open_files(plenty)
        guard allowed >= least else { throw .openFiles(allowed: allowed, needed: least) }
    }
}
