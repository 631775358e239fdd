// SPDX-License-Identifier: MIT OR Apache-2.0

/// Numbers for package names, in the order in which they turned up.
struct NameTable: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    /// A power of two of places, at most half of them taken; a number and one, 0 where free.
    private var slots = [UInt32](repeating: 0, count: 1 << 17)

    var count: Int { ends.count }

    func name(_ number: Int) -> String { String(decoding: bytes[range(number)], as: UTF8.self) }

    /// The number of a name; `nil` where it never turned up.
    func find(_ name: Span<UInt8>) -> Int? {
        let slot = slots[place(of: name)]
        return slot == 0 ? nil : Int(slot) - 1
    }

    /// The number of a name, a new one where it turns up for the first time.
    mutating func number(of name: Span<UInt8>) -> Int {
        let place = place(of: name)
        if slots[place] != 0 { return Int(slots[place]) - 1 }
        for index in 0..<name.count { bytes.append(name[index]) }
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        slots[place] = UInt32(truncatingIfNeeded: count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    private func range(_ number: Int) -> Range<Int> {
        (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
    }

    /// Where the name is in the table, or where it would be.
    private func place(of name: Span<UInt8>) -> Int {
        var place = Self.hash(name) & (slots.count - 1)
        while slots[place] != 0, !isEqual(Int(slots[place]) - 1, name) {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    private func isEqual(_ number: Int, _ name: Span<UInt8>) -> Bool {
        let range = range(number)
        guard range.count == name.count else { return false }
        for index in 0..<name.count where bytes[range.lowerBound + index] != name[index] {
            return false
        }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in 0..<count {
            slots[place(of: bytes.span.extracting(range(number)))] =
                UInt32(truncatingIfNeeded: number + 1)
        }
    }

    /// FNV-1a: names are short, and who could choose them to collide signs the archive.
    private static func hash(_ name: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<name.count {
            hash = (hash ^ UInt64(name[index])) &* 0x100_0000_01b3
        }
        return Int(truncatingIfNeeded: hash >> 20)
    }
}
