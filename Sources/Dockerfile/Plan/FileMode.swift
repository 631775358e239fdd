// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: chmod(1), "MODE".

/// The value of `--chmod`.
public enum FileMode: Hashable, Sendable, Codable {
    /// Permission bits, at most 07777.
    case octal(UInt32)
    /// Changes to the bits that are there, from left to right.
    case symbolic([Change])

    /// One clause, such as `go-w`.
    public struct Change: Hashable, Sendable, Codable {
        enum Operation: String, Codable {
            case add = "+"
            case remove = "-"
            case set = "="
        }

        let who: UInt32
        let operation: Operation
        let bits: UInt32
        /// `X`: execution, for directories and for what somebody may execute already.
        let executesConditionally: Bool
    }

    /// Reads a mode; `nil` where it is none.
    init?(_ text: String) {
        if let bits = UInt32(text, radix: 8), !text.utf8.contains(UInt8(ascii: "+")) {
            guard bits <= 0o7777 else { return nil }
            self = .octal(bits)
            return
        }
        var changes: [Change] = []
        for clause in text.utf8.split(
            separator: UInt8(ascii: ","),
            omittingEmptySubsequences: false
        ) {
            guard let parsed = Change.read(clause) else { return nil }
            changes += parsed
        }
        self = .symbolic(changes)
    }

    /// The mode that something gets.
    ///
    /// - Parameters:
    ///   - mode: what it has, permission bits only.
    ///   - isDirectory: whether it is a directory.
    /// - Returns: permission bits.
    public func applied(to mode: UInt32, isDirectory: Bool) -> UInt32 {
        switch self {
        case .octal(let bits): bits
        case .symbolic(let changes):
            changes.reduce(mode) { $1.applied(to: $0, isDirectory: isDirectory) }
        }
    }
}

extension FileMode.Change {
    fileprivate static func read(_ clause: Substring.UTF8View) -> [Self]? {
        var rest = clause[...]
        var who: UInt32 = 0
        while let byte = rest.first, let mask = masks[byte] {
            who |= mask
            rest.removeFirst()
        }
        if who == 0 { who = 0o7777 }
        var changes: [Self] = []
        while let byte = rest.popFirst() {
            guard let operation = Operation(rawValue: String(Unicode.Scalar(byte))) else {
                return nil
            }
            var (bits, conditionally): (UInt32, Bool) = (0, false)
            while let letter = rest.first,
                Operation(rawValue: String(Unicode.Scalar(letter))) == nil
            {
                switch letter {
                case UInt8(ascii: "r"): bits |= 0o444
                case UInt8(ascii: "w"): bits |= 0o222
                case UInt8(ascii: "x"): bits |= 0o111
                case UInt8(ascii: "X"): conditionally = true
                case UInt8(ascii: "s"): bits |= 0o6000
                case UInt8(ascii: "t"): bits |= 0o1000
                default: return nil
                }
                rest.removeFirst()
            }
            changes.append(
                Self(
                    who: who,
                    operation: operation,
                    bits: bits,
                    executesConditionally: conditionally
                )
            )
        }
        return changes.isEmpty ? nil : changes
    }

    /// The bits that belong to owner, group, others and all of them.
    private static let masks: [UInt8: UInt32] = [
        UInt8(ascii: "u"): 0o4700, UInt8(ascii: "g"): 0o2070, UInt8(ascii: "o"): 0o1007,
        UInt8(ascii: "a"): 0o7777,
    ]

    fileprivate func applied(to mode: UInt32, isDirectory: Bool) -> UInt32 {
        let executes = executesConditionally && (isDirectory || mode & 0o111 != 0)
        let mask = (bits | (executes ? 0o111 : 0)) & who
        return switch operation {
        case .add: mode | mask
        case .remove: mode & ~mask
        case .set: mode & ~(who & 0o777) | mask
        }
    }
}
