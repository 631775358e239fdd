// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: glibc, elf/dl-cache.c (`_dl_cache_libcmp`).

/// How the dynamic linker orders the names of libraries: numbers in them by their value.
enum LibraryName {
    /// Negative where the first name comes before the second, 0 where they are the same.
    static func compare(_ first: String, _ second: String) -> Int {
        var first = Array(first.utf8)[...]
        var second = Array(second.utf8)[...]
        while let left = first.first {
            let right = second.first ?? 0
            switch (isDigit(left), isDigit(right)) {
            case (true, true):
                let difference = number(&first) - number(&second)
                if difference != 0 { return difference }
            case (true, false): return 1
            case (false, true): return -1
            case (false, false):
                guard left == right else { return Int(left) - Int(right) }
                first.removeFirst()
                second.removeFirst()
            }
        }
        return -Int(second.first ?? 0)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func number(_ text: inout ArraySlice<UInt8>) -> Int {
        var value = 0
        while let byte = text.first, isDigit(byte) {
            // Names are at most 255 bytes long, and what is longer than any version is the same.
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1 << 40)
            text.removeFirst()
        }
        return value
    }
}
