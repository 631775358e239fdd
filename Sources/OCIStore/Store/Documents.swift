// SPDX-License-Identifier: MIT OR Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage

/// Small JSON files that say what a name stands for; each is replaced whole.
extension Store {
    /// An image configuration is at most as long as a registry's manifest may be, and the lock of a
    /// thousand packages is shorter.
    private static let maximumLength = 8 * 1024 * 1024

    /// Reads a document; `nil` where there is none.
    ///
    /// Where a build needs it, that is a use.
    func document<Value: Decodable>(
        at path: FilePath,
        isUse: Bool = false
    ) throws(StoreError) -> Value? {
        let bytes: [UInt8]
        do throws(StoreError) {
            let file = try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
            if isUse { file.markUse() }
            bytes = try file.readAll(limit: Self.maximumLength)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else {
            throw .damaged(path, line: nil)
        }
        return value
    }

    /// Puts a document in place of what was there.
    func keep(_ value: some Encodable, at path: FilePath) throws(StoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(value), let name = path.lastComponent?.string else {
            throw .damaged(path, line: nil)
        }
        try Self.write(
            Array(json) + "\n".utf8,
            to: try makeDirectories(path.removingLastComponent()),
            PathBytes(spelled: name),
            layout
        )
    }

    /// Opens a directory inside the store, making it and those above it where they are missing.
    private func makeDirectories(_ path: FilePath) throws(StoreError) -> OwnedDescriptor {
        var directory = try OwnedDescriptor(opening: layout.root, O_RDONLY | O_DIRECTORY)
        for component in path.components.dropFirst(layout.root.components.count) {
            directory = try directory.openOrMakeDirectory(PathBytes(spelled: component.string))
        }
        return directory
    }
}

extension OwnedDescriptor {
    /// An hour, in seconds: how exact the time of use is, so that a warm build writes nothing.
    private static let useInterval = 3600

    /// Lets the time of modification say that the file was used; a store that cannot be written to
    /// keeps no such times.
    fileprivate func markUse() {
        guard let modified = try? status().st_mtim.tv_sec,
            abs(time(nil) - modified) > Self.useInterval
        else { return }
        _ = futimens(raw, nil)
    }
}
