// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// The store that suites share which are not about pulling; `scripts/test` removes it.
enum SharedStore {
    /// Its path; the first build that needs an image fills it.
    static func path() throws -> FilePath {
        guard let path = ProcessInfo.processInfo.environment["CROSS_TEST_STORE"] else {
            throw NotPrepared(missing: "CROSS_TEST_STORE")
        }
        return FilePath(path)
    }
}
