// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import Dockerfile

/// A context to copy from, and a file beside it that nothing may reach.
struct ContextGround: ~Copyable {
    private let temporary: TemporaryDirectory
    var context: FilePath { temporary.path.appending("context") }

    init() throws {
        let temporary = try TemporaryDirectory()
        let context = temporary.path.appending("context")
        try systemCall("mkdir", context) {
            unsafe context.withPlatformString { unsafe mkdir($0, 0o755) }
        }
        try write("secret", to: temporary.path.appending("outside"))
        self.temporary = temporary
    }

    /// A small project.
    func project() throws {
        for directory in ["src", "src/bin", "target", "target/debug", "docs"] {
            try make("context/\(directory)")
        }
        try file("context/Cargo.toml", "[package]")
        try file("context/Cargo.lock", "")
        try file("context/src/lib.rs", "//")
        try file("context/src/bin/x.rs", "fn")
        try file("context/src/bin/y.txt", "y")
        try file("context/target/debug/big", "big")
        try file("context/docs/a.md", "a")
        try file("context/run.sh", "#!", mode: 0o755)
    }

    private func make(_ path: String) throws {
        let path = temporary.path.pushing(FilePath(path))
        try systemCall("mkdir", path) { unsafe path.withPlatformString { unsafe mkdir($0, 0o755) } }
    }

    func file(_ path: String, _ text: String = "", mode: UInt32 = 0o644) throws {
        let path = temporary.path.pushing(FilePath(path))
        try write(text, to: path)
        try systemCall("chmod", path) { unsafe path.withPlatformString { unsafe chmod($0, mode) } }
    }

    func link(_ path: String, to target: String) throws {
        let path = temporary.path.pushing(FilePath(path))
        try systemCall("symlink", path) {
            unsafe path.withPlatformString { path in unsafe symlink(target, path) }
        }
    }

    private func step(_ copy: String) throws -> CopyStep {
        try #require(copies(try plan("FROM scratch\n\(copy)")).first)
    }

    func select(_ copy: String, ignoring file: String = "") throws -> CopySelection {
        let ignored = try PathPatterns(ignoreFile: Array(file.utf8))
        return try SourceTree(context, ignoring: ignored).select(try step(copy))
    }

    /// What is copied, as paths below the destination.
    func names(
        _ copy: String,
        ignoring file: String = "",
        isDirectory: Bool = false
    ) throws -> [String] {
        let destination = try step(copy).destination
        return try select(copy, ignoring: file)
            .entries(for: destination, isDirectory: isDirectory)
            .map { String(decoding: TreePath(names: $0.path).bytes, as: UTF8.self) }
            .filter { !$0.isEmpty || destination.hasSuffix("x") }
    }

    func refusal(_ copy: String, ignoring file: String = "") throws -> ContextError? {
        do {
            _ = try select(copy, ignoring: file)
            return nil
        } catch let error as ContextError {
            return error
        }
    }

    func digest(_ copy: String, ignoring file: String = "") throws -> Digest {
        let tree = try SourceTree(context, ignoring: try PathPatterns(ignoreFile: Array(file.utf8)))
        return try tree.digest(of: try tree.select(try step(copy)), withOwners: false)
    }
}
