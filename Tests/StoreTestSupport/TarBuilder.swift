// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".

/// Writes tar archives that say whatever a test wants, true or not.
package struct TarBuilder {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Adds an entry; `size` and `checksum` may lie.
    package mutating func add(
        _ name: some Sequence<UInt8>,
        type: Character = "0",
        content: [UInt8] = [],
        link: some Sequence<UInt8> = [UInt8](),
        mode: Int = 0o644,
        uid: Int = 0,
        time: Int = 1_000_000_000,
        size: [UInt8]? = nil,
        major: Int = 0,
        minor: Int = 0
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ field: some Sequence<UInt8>, at offset: Int, _ length: Int) {
            for (index, byte) in field.prefix(length).enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, _ digits: Int) -> [UInt8] {
            let text = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
        }
        put(name, at: 0, 100)
        put(octal(mode, 7), at: 100, 8)
        put(octal(uid, 7), at: 108, 8)
        put(octal(0, 7), at: 116, 8)
        put(size ?? octal(content.count, 11), at: 124, 12)
        put(octal(time, 11), at: 136, 12)
        put(Array(repeating: 0x20, count: 8), at: 148, 8)
        put(String(type).utf8, at: 156, 1)
        put(link, at: 157, 100)
        put("ustar\u{0}00".utf8, at: 257, 8)
        put(octal(major, 7), at: 329, 8)
        put(octal(minor, 7), at: 337, 8)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, 6) + [0, 0x20], at: 148, 8)
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Adds an entry with a name in text.
    package mutating func add(
        _ name: String,
        type: Character = "0",
        content: String = "",
        link: String = "",
        mode: Int = 0o644,
        time: Int = 1_000_000_000
    ) {
        add(
            name.utf8,
            type: type,
            content: Array(content.utf8),
            link: link.utf8,
            mode: mode,
            time: time
        )
    }

    /// Adds pax records for the next entry.
    package mutating func addPax(_ records: [(String, [UInt8])], type: Character = "x") {
        var content: [UInt8] = []
        for (key, value) in records {
            let rest = Array(" \(key)=".utf8) + value + Array("\n".utf8)
            var length = rest.count + 1
            while "\(length)".utf8.count + rest.count != length {
                length = "\(length)".utf8.count + rest.count
            }
            content += Array("\(length)".utf8) + rest
        }
        add("PaxHeaders/x".utf8, type: type, content: content)
    }

    /// Adds pax records in text.
    package mutating func addPax(_ records: [String: String]) {
        addPax(records.map { ($0.key, Array($0.value.utf8)) })
    }

    /// Adds any bytes.
    package mutating func append(_ raw: [UInt8]) { bytes += raw }

    /// Adds the end of the archive.
    package mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

    /// The archive with its end.
    package var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// Most changes would only be found by a header's checksum, which an attacker makes fit.
    package static func mendChecksums(_ archive: inout [UInt8]) {
        let magic = Array("ustar".utf8)
        for place in archive.indices where archive[place] == magic[0] {
            let start = place - 257
            guard start >= 0, start + 512 <= archive.count, archive[place...].starts(with: magic)
            else { continue }
            archive.replaceSubrange(
                start + 148..<start + 156,
                with: [UInt8](repeating: 0x20, count: 8)
            )
            let sum = archive[start..<start + 512].reduce(0) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let text = String(repeating: "0", count: 6 - digits.count) + digits
            archive.replaceSubrange(start + 148..<start + 156, with: Array(text.utf8) + [0, 0x20])
        }
    }
}
