// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// The demonstration's crate in a home of its own, for an image that has Rust.
struct DemoCrate: ~Copyable {
    let triple = "aarch64-unknown-linux-gnu"
    let home: Home
    let path: FilePath

    init() throws {
        let home = try Home()
        path = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        self.home = home
    }

    /// Runs `cross` in the crate, with the store that suites share.
    func cross(
        _ words: [String],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await home.runSharing("cross", words, in: path, environment)
    }

    /// Writes a file of the crate.
    func write(_ name: String, _ text: String) throws {
        try home.write(text, to: path.pushing(FilePath(name)))
    }
}
