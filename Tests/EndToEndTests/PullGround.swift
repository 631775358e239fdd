// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A home to pull the small image into, and the tree that it must become.
struct PullGround: ~Copyable {
    let home: Home
    let expected: FilePath

    init() throws {
        let home = try Home()
        expected = home.machine.smallImage.appending("expected")
        self.home = home
    }

    func pull(
        _ image: String,
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program("cross-util"), "pull", image],
            environment: environment
        )
    }

    /// The one root filesystem of the store; `nil` where nothing is published.
    func rootfs() throws -> FilePath? {
        let directory = home.store.appending("rootfs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
        #expect(names.count <= 1)
        return names.first.map { directory.appending($0) }
    }

    func expectRightRootfs() async throws {
        let rootfs = try #require(try rootfs())
        #expect(try await Tree.digest(rootfs) == (try await Tree.digest(expected)))
    }

    /// One error in these words, and nothing that a later pull would take for an image.
    func expectError(_ outcome: Outcome, mentions words: String...) throws {
        #expect(outcome.code == 125)
        #expect(outcome.output.isEmpty)
        let errors = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1, "\(outcome.errors)")
        for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        #expect(try rootfs() == nil)
        let images = home.store.appending("images")
        let records = FileManager.default.enumerator(atPath: images.string)?.allObjects ?? []
        #expect(!records.contains { ($0 as? String)?.hasSuffix(".json") ?? false })
    }
}
