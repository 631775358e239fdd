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

extension Home {
    /// Runs one of the project's programs as the user, with the store that suites share.
    func runSharing(
        _ program: String,
        _ words: [String],
        in directory: FilePath,
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        let store = ["CROSS_STORE": try SharedStore.path().string]
        return try await run(
            [machine.program(program)] + words,
            in: directory,
            environment: store.merging(environment) { $1 }
        )
    }
}
