// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Reads layers' indexes and compares them with their digests and with the file contents.
struct LayerCheck {
    private let layout: StoreLayout
    private let objects: ObjectCheck

    init(_ layout: StoreLayout, _ objects: ObjectCheck) {
        self.layout = layout
        self.objects = objects
    }

    func run(_ check: inout StoreCheck) throws(StoreError) {
        let path = layout.directory(StoreLayout.layers)
        let layers = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var listing = try DirectoryListing(of: layers)
        while let entry = try listing.next() {
            let file = path.appending(entry.name)
            guard let stem = file.stem, file.extension == "mtree",
                let key = try? Digest("sha256:\(stem)")
            else {
                check.damages.append(.stranger(file))
                continue
            }
            check.layers += 1
            let before = check.damages.count
            do throws(StoreError) {
                try compareDigest(file, &check)
                try compareEntries(file, key, &check)
            } catch .damaged {
                check.damages.append(.layer(file))
            }
            if check.damages.count > before { check.damagedLayers.insert(key) }
        }
    }

    /// Compares the lines with the digest at their end; earlier versions wrote none.
    private func compareDigest(_ path: FilePath, _ check: inout StoreCheck) throws(StoreError) {
        let bytes = try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
            .readAll(limit: Int(Int32.max))
        check.bytes += Int64(bytes.count)
        let lines = bytes.dropLast()
        guard let end = lines.lastIndex(of: UInt8(ascii: "\n")) else {
            throw .damaged(path, line: 1)
        }
        let words = lines[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard words.count == 3 else { return }
        let announced = words[2].dropFirst(LayerIndexWriter.endingDigest.count - 1)
        guard Digest.of(Array(bytes[...end])).hex.utf8.elementsEqual(announced) else {
            throw .damaged(path, line: nil)
        }
    }

    private func compareEntries(
        _ path: FilePath,
        _ key: Digest,
        _ check: inout StoreCheck
    ) throws(StoreError) {
        var reader = try LayerIndexReader(opening: path)
        while let entry = try reader.next() {
            guard case .file(let content) = entry.kind else { continue }
            guard ObjectName(content: content.digest, metadata: entry.metadata) == content.object
            else { throw .damaged(path, line: nil) }
            if objects.damaged.contains(content.object) { check.damagedLayers.insert(key) }
            guard !objects.sound.contains(content.object), !objects.others.contains(content.object)
            else { continue }
            let object = layout.directory(StoreLayout.objects)
                .appending(StoreLayout.object(content.object))
            // It may have come after the contents were looked at, with its layer.
            if !Self.exists(object) { check.damages.append(.missingObject(object, of: path)) }
        }
    }

    private static func exists(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, F_OK) } == 0
    }
}
