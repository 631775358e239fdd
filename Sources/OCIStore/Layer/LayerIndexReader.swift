// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Reads what `LayerIndexWriter` wrote, in one pass and with one buffer.
///
/// It is no reader of mtree in general: what the writer does not write is damage.
struct LayerIndexReader: ~Copyable {
    /// Longer than any line: two paths and the attributes of one entry, each byte as four.
    private static let maximumLineLength = 4 * (2 * LayerPath.maximumLength + 256 * 1024)

    private let file: OwnedDescriptor
    private var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0
    private var count = 0

    /// Opens the index of a layer.
    init(opening path: FilePath) throws(StoreError) {
        self.file = try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
    }

    /// The next entry; `nil` after the last.
    mutating func next() throws(StoreError) -> LayerEntry? {
        if line == 0 {
            guard try nextLine()?.elementsEqual(LayerIndexWriter.heading) == true else {
                throw damage
            }
        }
        guard let text = try nextLine() else { throw damage }
        guard text.starts(with: LayerIndexWriter.ending) else {
            guard let entry = LayerIndexLine(text).entry else { throw damage }
            count += 1
            return entry
        }
        let announced = text.dropFirst(LayerIndexWriter.ending.count)
            .prefix { $0 != UInt8(ascii: " ") }
        guard announced.elementsEqual("\(count)".utf8), try nextLine() == nil else { throw damage }
        return nil
    }

    private var damage: StoreError { .damaged(file.path, line: line) }

    /// The bytes up to the next line feed; `nil` at the end of the file.
    private mutating func nextLine() throws(StoreError) -> ArraySlice<UInt8>? {
        line += 1
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return buffer[position..<end]
            }
            searched = buffer.count - position
            guard searched <= Self.maximumLineLength else { throw damage }
            guard try refill() else {
                guard buffer.isEmpty else { throw damage }
                return nil
            }
        }
    }

    /// Drops the lines that were read and reads on; false at the end of the file.
    private mutating func refill() throws(StoreError) -> Bool {
        let count = try file.read(into: &chunk, from: 0)
        buffer.replaceSubrange(..<position, with: [])
        position = 0
        buffer += chunk[..<count]
        return count > 0
    }
}
