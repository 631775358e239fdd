// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// A directory for one test; whoever made it removes it.
struct TemporaryDirectory: ~Copyable {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "cross-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.resolvingSymlinksInPath().path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    /// Writes a file and creates the directories above it.
    func write(_ name: String, _ text: String) throws {
        let file = path.pushing(FilePath(name))
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try text.write(toFile: file.string, atomically: true, encoding: .utf8)
    }

    /// Writes a file that can be executed.
    func writeProgram(_ name: String, _ text: String = "#!/bin/sh\n") throws {
        try write(name, text)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: path.pushing(FilePath(name)).string
        )
    }

    /// Makes a symbolic link.
    func link(_ name: String, to destination: FilePath) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path.pushing(FilePath(name)).string,
            withDestinationPath: destination.string
        )
    }
}
