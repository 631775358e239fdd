// SPDX-License-Identifier: MIT OR Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage

extension Store {
    /// An image configuration is at most as long as a registry's manifest may be; a record holds
    /// one and little more.
    private static let maximumRecordLength = 8 * 1024 * 1024

    /// What was pulled under a reference.
    ///
    /// - Parameters:
    ///   - reference: where it has both tag and digest, the digest counts.
    ///   - platform: that was asked for.
    /// - Returns: the record; `nil` where nothing was pulled.
    /// - Throws: `StoreError.damaged` or `.system`.
    public func image(
        _ reference: ImageReference,
        platform: Platform
    ) throws(StoreError) -> ImageRecord? {
        let path = try layout.image(reference, platform)
        let bytes: [UInt8]
        do throws(StoreError) {
            bytes = try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
                .readAll(limit: Self.maximumRecordLength)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
        guard let record = try? JSONDecoder().decode(ImageRecord.self, from: Data(bytes)) else {
            throw .damaged(path, line: nil)
        }
        return record
    }

    /// Remembers what was pulled under a reference, in place of what was before.
    ///
    /// - Parameters:
    ///   - image: what to remember; its root filesystem should be in the store.
    ///   - reference: where it has both tag and digest, the digest counts.
    ///   - platform: that was asked for.
    /// - Throws: `StoreError.invalidPlatform` or `.system`.
    public func record(
        _ image: ImageRecord,
        as reference: ImageReference,
        platform: Platform
    ) throws(StoreError) {
        let path = try layout.image(reference, platform)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(image), let name = path.lastComponent?.string else {
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
