// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import RootfsRecipe
import ServerTestSupport
import SystemPackage

/// A small archive in a directory, made by the distribution's own programs.
///
///     debian/dists/{test,test-updates}/…    debian/pool/main/…
///     debian-security/dists/test-security/…
final class TestArchive: Sendable {
    /// A package to be built.
    struct Package {
        let name: String
        var version = "1.0"
        var architecture = TestArchive.architecture
        var fields: [String] = []
        /// Paths below the root and their contents.
        var files: [String: [UInt8]] = [:]
    }

    static let architecture = "amd64"

    /// What a release calls the index of the packages.
    static let index = "main/binary-\(architecture)/Packages"

    /// `gpg` takes a second to make a key, and one is as good as another.
    private static let keys: Result<TestKeys, any Error> = Result {
        // What is static is never deinitialised.
        atexit { (try? TestArchive.keys.get())?.remove() }
        return try TestKeys()
    }

    let directory: TemporaryDirectory
    let keyring: FilePath
    /// Those that there are packages for.
    let architectures: [String]

    /// The directory that mirrors have.
    var root: FilePath { directory.path.appending("archive") }

    static let packages = [
        Package(
            name: "base-files",
            fields: ["Essential: yes", "Multi-Arch: foreign"],
            files: [
                "etc/debian_version": Array("test\n".utf8),
                "usr/share/base-passwd/passwd.master": Array(
                    "root:*:0:0:root:/root:/bin/bash\n".utf8
                ),
                "usr/share/base-passwd/group.master": Array("root:*:0:\n".utf8),
            ]
        ),
        Package(name: "apt", files: ["usr/bin/apt": Array("#!/bin/sh\n".utf8)]),
        Package(name: "ca-certificates", files: ["usr/share/ca-certificates/none": [10]]),
        Package(
            name: "compiler",
            fields: ["Depends: library (>= 1.0)"],
            files: ["usr/bin/compiler": noise(300_000, seed: 1)]
        ),
        Package(
            name: "library",
            files: ["usr/lib/library.so": noise(70_000, seed: 2)]
        ),
    ]

    /// An archive of a suite's packages, without any updates and security fixes.
    init(_ packages: [Package] = TestArchive.packages, fields: [String] = []) throws {
        directory = try TemporaryDirectory()
        let others = Set(packages.map(\.architecture)).subtracting([Self.architecture])
        architectures = [Self.architecture] + others.sorted()
        keyring = try Self.keys.get().keyring
        for package in packages { try build(package) }
        try release("test", in: "debian", fields: fields)
        try release("test-updates", in: "debian", isEmpty: true)
        try release("test-security", in: "debian-security", isEmpty: true)
    }

    /// Adds packages to the updates, and to them alone; `only` are the architectures that still get any.
    func update(_ packages: Package..., only: [String]? = nil) throws {
        for package in packages { try build(package) }
        try release("test-updates", in: "debian", only: only)
    }

    /// All files of the pool, relative to `root`.
    var debs: [String] {
        get throws {
            try FileManager.default.subpathsOfDirectory(
                atPath: root.appending("debian/pool").string
            )
            .filter { $0.hasSuffix(".deb") }.map { "debian/pool/\($0)" }.sorted()
        }
    }

    func bytes(_ path: String) throws -> [UInt8] {
        try directory.read(root.appending(path))
    }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        try directory.write("archive/\(path)", bytes)
    }

    /// Changes one byte in the middle of a file.
    func damage(_ path: String) throws {
        var bytes = try bytes(path)
        bytes[bytes.count / 2] ^= 1
        try write(path, bytes)
    }

    /// A copy of the whole archive, as another mirror has it.
    func copy() throws -> (directory: TemporaryDirectory, root: FilePath) {
        let other = try TemporaryDirectory()
        let place = other.path.appending("archive")
        try FileManager.default.copyItem(atPath: root.string, toPath: place.string)
        return (other, place)
    }

    /// Writes the indexes and the release file of a suite, signed; it expires in so many seconds from
    /// now, and is forged where a stranger signs it.
    func release(
        _ suite: String,
        in archive: String,
        fields: [String] = [],
        date: Date = Date(),
        expires: TimeInterval? = nil,
        isForged: Bool = false,
        isEmpty: Bool = false,
        only: [String]? = nil
    ) throws {
        let architectures = only ?? self.architectures
        let base = "\(archive)/dists/\(suite)"
        var list = ""
        for architecture in architectures {
            let text = isEmpty ? [] : try scan(archive, architecture)
            list += try writeIndex(text, in: base, "main/binary-\(architecture)")
        }
        var lines = [
            "Origin: Test", "Label: Test", "Suite: \(suite)", "Codename: \(suite)",
            "Date: \(Self.text(of: date))", "Acquire-By-Hash: yes",
            "Architectures: \(architectures.joined(separator: " "))", "Components: main",
        ]
        if let expires { lines.append("Valid-Until: \(Self.text(of: Date() + expires))") }
        let release = (lines + fields + ["SHA256:"]).joined(separator: "\n") + "\n" + list
        try write("\(base)/InRelease", try Self.keys.get().sign(release, isForged: isForged))
    }

    /// Writes an index in all its forms, and returns the release file's lines of them.
    private func writeIndex(_ text: [UInt8], in base: String, _ place: String) throws -> String {
        var list = ""
        for (suffix, program) in [("", nil), (".gz", "gzip"), (".xz", "xz")] {
            var bytes = text
            if let program {
                let plain = try directory.write("plain", text)
                try Command(program, "--keep", "--force", plain.string).check(in: directory)
                bytes = try directory.read(directory.path.appending("plain\(suffix)"))
            }
            let digest = Digest.of(bytes)
            list += " \(digest.hex) \(bytes.count) \(place)/Packages\(suffix)\n"
            guard suffix != "" else { continue }
            try write("\(base)/\(place)/Packages\(suffix)", bytes)
            try write("\(base)/\(place)/by-hash/SHA256/\(digest.hex)", bytes)
        }
        return list
    }

    private func scan(_ archive: String, _ architecture: String) throws -> [UInt8] {
        let result = try Command(
            "sh",
            "-c",
            "cd '\(root.appending(archive))'"
                + " && exec dpkg-scanpackages --multiversion --arch \(architecture) pool"
        ).check(in: directory)
        return Array(result.output.utf8)
    }

    private func build(_ package: Package) throws {
        let tree = "tree-\(package.name)-\(package.version)-\(package.architecture)"
        let control = [
            "Package: \(package.name)", "Version: \(package.version)",
            "Architecture: \(package.architecture)", "Maintainer: Test <test@example.org>",
            "Description: test",
        ]
        try directory.write(
            "\(tree)/DEBIAN/control",
            (control + package.fields).joined(separator: "\n") + "\n"
        )
        for (path, bytes) in package.files {
            let file = try directory.write("\(tree)/\(path)", bytes)
            _ = unsafe chmod(file.string, path.contains("bin/") ? 0o755 : 0o644)
        }
        let pool = root.appending("debian/pool/main/\(package.name)")
        try FileManager.default.createDirectory(
            atPath: pool.string,
            withIntermediateDirectories: true
        )
        try Command(
            "sh",
            "-c",
            "chmod -R go=rX '\(directory.path)/\(tree)' && find '\(directory.path)/\(tree)'"
                + " -exec touch -d @1700000000 {} + && exec dpkg-deb --root-owner-group -Zxz --build"
                + " '\(directory.path)/\(tree)' '\(pool)'"
        ).check(in: directory)
    }

    private static func text(of date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'UTC'"
        return formatter.string(from: date)
    }
}
