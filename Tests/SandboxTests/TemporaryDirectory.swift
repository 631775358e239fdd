// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// A directory that vanishes with the test.
struct TemporaryDirectory: ~Copyable {
    let path: FilePath

    init() throws {
        let base = FilePath(FileManager.default.temporaryDirectory.path)
        path = base.appending("sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: path.string,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }
}

extension FilePath {
    /// Makes this directory and those above it.
    func makeDirectory() throws {
        try FileManager.default.createDirectory(
            atPath: string,
            withIntermediateDirectories: true
        )
    }

    /// Makes this a file.
    func write(_ text: String, mode: Int = 0o644) throws {
        try Data(text.utf8).write(to: URL(filePath: string))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: string)
    }

    /// Makes this a symbolic link.
    func link(to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: string,
            withDestinationPath: destination
        )
    }

    /// What is in this file; empty where there is none.
    func text() -> String {
        let contents = try? FileHandle(forReadingAtPath: string)?.readToEnd()
        return String(decoding: contents ?? Data(), as: UTF8.self)
    }

    /// The names in this directory.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: string).sorted()
    }
}
