// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import SystemPackage

/// A `Cross.lock`: what the root filesystems of a project consist of, to the byte.
///
///     version = 1
///
///     [[image]]
///     reference = "ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main"
///     platform = "linux/amd64"
///     targets = ["aarch64-unknown-linux-gnu"]
///     index = "sha256:…"                            # where the reference leads to one
///     manifest = "sha256:…"
///     configuration = "sha256:…"
///     settings = "sha256:…"
///     diff-ids = ["sha256:…", …]
///
///     [[rootfs]]
///     target = "aarch64-unknown-linux-gnu"
///     platform = "linux/amd64"
///     recipe = "sha256:…"
///     releases = ["SUITE ARCHIVE SECONDS [URI-OF-SNAPSHOTS]", …]
///     packages = ["NAME VERSION ARCHITECTURE SUITE SIZE SHA256 PATH", …]
struct CrossLock: Equatable {
    /// What one root filesystem consists of.
    struct Entry: Equatable {
        let target: String
        /// What the root filesystem's own programs run on.
        let platform: String
        let lock: RecipeLock
    }

    private static let version = 1

    /// The images, in the order of the file.
    var images: [Image] = []
    /// The recipes, in the order of the file.
    private(set) var entries: [Entry] = []

    /// The lock of a target; of another recipe, too.
    func lock(_ target: String, _ platform: String) -> RecipeLock? {
        entries.first { $0.target == target && $0.platform == platform }?.lock
    }

    /// Adds or replaces an entry; they are sorted by target and platform.
    mutating func set(_ entry: Entry) {
        entries.removeAll { $0.target == entry.target && $0.platform == entry.platform }
        entries.append(entry)
        entries.sort { ($0.target, $0.platform) < ($1.target, $1.platform) }
    }

    /// The text of the file.
    var text: String {
        var lines = [
            "# Made by cross: what the root filesystems of this project consist of. Commit it;",
            "# `cross-util update` looks for newer images and packages.",
            "version = \(Self.version)",
        ]
        for image in images { lines += ["", "[[image]]"] + image.lines }
        for entry in entries {
            lines += ["", "[[rootfs]]"]
            lines += ["target", "platform"].enumerated().map { index, key in
                "\(key) = \(Self.quoted(index == 0 ? entry.target : entry.platform))"
            }
            lines.append("recipe = \(Self.quoted(entry.lock.recipe.description))")
            lines += Self.array("releases", entry.lock.releases.map(\.line))
            lines += Self.array("packages", entry.lock.packages.map(\.line))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func array(_ key: String, _ lines: [String]) -> [String] {
        ["\(key) = ["] + lines.map { "    \(quoted($0))," } + ["]"]
    }

    /// A basic string of TOML; control characters never get as far.
    static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    init() {}

    /// Reads a file; where there is none, nothing is locked.
    ///
    /// - Throws: `CrossLockError`.
    static func read(_ file: FilePath) throws(CrossLockError) -> CrossLock {
        let text: String?
        do throws(TextFileError) {
            text = try TextFile.read(file)
        } catch {
            throw .unreadable(error)
        }
        return try text.map { (text) throws(CrossLockError) in
            try CrossLock(text, file: file)
        } ?? CrossLock()
    }

    /// Reads a file's text.
    ///
    /// - Throws: `CrossLockError`.
    init(_ text: String, file: FilePath) throws(CrossLockError) {
        let document: [String: TOML]
        do throws(TOMLSyntaxError) {
            document = try TOML.document(text)
        } catch {
            throw .syntax(file, error)
        }
        guard document["version"]?.integer == Self.version else { throw .version(file) }
        for table in document["image"]?.array ?? [] {
            guard let image = Image(table.table ?? [:]) else {
                throw .damaged(file, target: table.table?["reference"]?.string)
            }
            images.append(image)
        }
        for table in document["rootfs"]?.array ?? [] {
            guard let entry = Entry(table.table ?? [:]) else {
                throw .damaged(file, target: table.table?["target"]?.string)
            }
            entries.append(entry)
        }
    }
}

extension CrossLock.Entry {
    /// Reads a table; `nil` where something is missing or not what it must be.
    fileprivate init?(_ table: [String: TOML]) {
        guard let target = table["target"]?.string, let platform = table["platform"]?.string,
            let recipe = table["recipe"]?.string.flatMap({ try? Digest($0) }),
            let releases = table["releases"]?.strings, let packages = table["packages"]?.strings
        else { return nil }
        let lock = RecipeLock(
            recipe: recipe,
            releases: releases.compactMap(RecipeLock.Release.init(line:)),
            packages: packages.compactMap(LockedPackage.init(line:))
        )
        guard lock.releases.count == releases.count, lock.packages.count == packages.count else {
            return nil
        }
        self.init(target: target, platform: platform, lock: lock)
    }
}

extension RecipeLock.Release {
    fileprivate var line: String {
        "\(suite) \(archive.rawValue) \(date)" + (snapshots.map { " \($0)" } ?? "")
    }

    fileprivate init?(line: String) {
        let fields = line.split(separator: " ").map(String.init)
        guard (3...4).contains(fields.count), let archive = Archive(rawValue: fields[1]),
            let date = Int64(fields[2])
        else { return nil }
        self.init(
            suite: fields[0],
            archive: archive,
            date: date,
            snapshots: fields.count == 4 ? fields[3] : nil
        )
    }
}

extension LockedPackage {
    fileprivate var line: String {
        "\(name) \(version) \(architecture) \(suite) \(size) \(digest.hex) \(path)"
    }

    fileprivate init?(line: String) {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count == 7, let size = Int64(fields[4]),
            let digest = try? Digest("sha256:\(fields[5])")
        else { return nil }
        self.init(
            name: fields[0],
            version: fields[1],
            architecture: fields[2],
            suite: fields[3],
            path: fields[6],
            size: size,
            digest: digest
        )
    }
}

/// What is wrong with a `Cross.lock`.
enum CrossLockError: Error, Equatable {
    case unreadable(TextFileError)
    case syntax(FilePath, TOMLSyntaxError)
    case version(FilePath)
    case damaged(FilePath, target: String?)
}
