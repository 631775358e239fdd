// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
package import SystemPackage

/// A directory that goes with its owner.
package final class TemporaryDirectory: Sendable {
    package let path: FilePath

    package init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "cross-registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = FilePath(url.path())
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Writes a file, with the directories above it, and returns its path.
    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        let file = path.appending(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: URL(filePath: file.string))
        return file
    }

    @discardableResult
    package func write(_ name: String, _ text: String) throws -> FilePath {
        try write(name, Array(text.utf8))
    }

    package func read(_ file: FilePath) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: file.string)))
    }
}
