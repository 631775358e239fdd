// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

extension Home {
    /// Has rustup link a toolchain as `distribution`, for the user of this home.
    ///
    /// - Returns: the variables with which `cross +distribution` finds it, and the suites' store.
    /// - Throws: `NotPrepared`.
    func linkToolchain() async throws -> [String: String] {
        let environment = ProcessInfo.processInfo.environment
        guard let toolchain = environment["CROSS_TEST_TOOLCHAIN"] else {
            throw NotPrepared(missing: "CROSS_TEST_TOOLCHAIN")
        }
        guard let rustup = environment["CROSS_TEST_RUSTUP"] else {
            throw NotPrepared(missing: "CROSS_TEST_RUSTUP")
        }
        let bin = path.appending("bin")
        try FileManager.default.createDirectory(
            atPath: bin.string,
            withIntermediateDirectories: true
        )
        for name in ["rustup", "cargo", "rustc"] {
            try FileManager.default.copyItem(atPath: rustup, toPath: bin.appending(name).string)
        }
        try give(bin)
        let variables = [
            "PATH": "\(bin.string):/usr/bin:/bin",
            "CROSS_STORE": try SharedStore.path().string,
        ]
        let words = [
            bin.appending("rustup").string, "toolchain", "link", "distribution", toolchain,
        ]
        let link = try await run(words, environment: variables)
        guard link.code == 0 else { throw NotPrepared(missing: "a toolchain: \(link.errors)") }
        return variables
    }
}
