// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: pip-download(1); PEP 508, "Names"; PEP 440; PEP 600.

import Crypto
import Foundation
import Glibc
import OCIStore
import RootfsRecipe
import Subprocess
import SystemPackage

/// Why a Python package could not be had, in facts.
enum WheelError: Error, Codable {
    /// Neither pip nor a Python that has it is in `PATH`.
    case noPip
    /// The name or version could be something else than that to pip.
    case malformed(name: String, version: String)
    /// pip could not be run; in the system's words.
    case notStarted(String)
    /// pip ended with this status; the last line it wrote to standard error.
    case failed(name: String, version: String, status: Int32, message: String)
    /// pip has fetched no file of that digest.
    case mismatch(name: String, version: String, expected: OCIStore.Digest)
}

/// Fetches Python packages by the host's own pip, and so from where the user's configuration of it says.
struct WheelFetch {
    private static let errorLimit = 1 << 20

    let environment: [String: String]

    /// Fetches one.
    ///
    /// - Parameters:
    ///   - wheel: what to fetch.
    ///   - platform: that it is for.
    ///   - directory: empty, and the caller's alone.
    /// - Returns: the file in the directory; its digest was checked.
    /// - Throws: `WheelError`.
    func fetch(
        _ wheel: Recipe.Wheel,
        for platform: Platform,
        into directory: FilePath
    ) async throws(WheelError) -> FilePath {
        guard Self.isPlain(wheel.name), Self.isPlain(wheel.version) else {
            throw .malformed(name: wheel.name, version: wheel.version)
        }
        let requirements = directory.appending("requirements.txt")
        let line = "\(wheel.name)==\(wheel.version) --hash=sha256:\(wheel.digest.hex)\n"
        let files = directory.appending("files")
        do {
            try Data(line.utf8).write(to: URL(filePath: requirements.string))
        } catch {
            throw .notStarted(error.localizedDescription)
        }
        let platforms = Self.tags(of: platform).flatMap { ["--platform", $0] }
        try await pip(
            [
                "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps",
                "--only-binary=:all:", "--require-hashes", "--requirement", requirements.string,
                "--dest", files.string,
            ] + platforms,
            for: wheel
        )
        guard
            let found = Self.files(in: files).first(where: { Self.digest(of: $0) == wheel.digest })
        else { throw .mismatch(name: wheel.name, version: wheel.version, expected: wheel.digest) }
        return found
    }

    private func pip(_ arguments: [String], for wheel: Recipe.Wheel) async throws(WheelError) {
        guard let (program, first) = Self.program(environment) else { throw .noPip }
        let variables = environment.compactMap { name, value in
            Environment.Key(rawValue: name).map { ($0, value) }
        }
        let status: TerminationStatus
        let errors: String
        do {
            // A task of its own, as for gpgv.
            let result = try await Task {
                try await run(
                    .path(program),
                    arguments: Arguments(first + arguments),
                    environment: .custom(
                        Dictionary(variables, uniquingKeysWith: { one, _ in one })
                    ),
                    output: .discarded,
                    error: .string(limit: Self.errorLimit)
                )
            }.value
            (status, errors) = (result.terminationStatus, result.standardError)
        } catch {
            throw .notStarted("\(error)")
        }
        guard !status.isSuccess else { return }
        let code: Int32 =
            switch status {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        let message = errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        throw .failed(name: wheel.name, version: wheel.version, status: code, message: message)
    }

    /// The first of `pip3`, `pip` and `python3 -m pip` that `PATH` has.
    private static func program(_ environment: [String: String]) -> (FilePath, [String])? {
        let directories = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for (name, arguments) in [("pip3", []), ("pip", []), ("python3", ["-m", "pip"])] {
            for directory in directories where directory.hasPrefix("/") {
                let path = FilePath(directory).appending(name)
                if unsafe path.withPlatformString({ unsafe access($0, X_OK) }) == 0 {
                    return (path, arguments)
                }
            }
        }
        return nil
    }

    /// What PyPI calls the platforms whose programs run on Debian's releases; pip itself adds none.
    private static func tags(of platform: Platform) -> [String] {
        let machine =
            ["amd64": "x86_64", "arm64": "aarch64"][platform.architecture]
            ?? platform.architecture
        let versions = ["_2_17", "2014", "_2_12", "2010", "_2_5", "1", "_2_28", "_2_34", "_2_36"]
        return versions.map { "manylinux\($0)_\(machine)" } + ["linux_\(machine)"]
    }

    /// Nothing that a requirement or a shell takes for more than a word.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "!"):
                true
            default: false
            }
        }
    }

    private static func files(in directory: FilePath) -> [FilePath] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
        return names.map { directory.appending($0) }
    }

    private static func digest(of file: FilePath) -> OCIStore.Digest? {
        guard let handle = FileHandle(forReadingAtPath: file.string) else { return nil }
        var hash = SHA256()
        while let chunk = try? handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            hash.update(data: chunk)
        }
        return OCIStore.Digest(hash.finalize())
    }
}
