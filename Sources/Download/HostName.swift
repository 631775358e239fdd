// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 6890, "Special-Purpose IP Address Registries".

import Glibc

/// A host as a URL spells it, and what can be told of it without asking the network.
package struct HostName: Hashable, Sendable {
    /// In lower case, without brackets.
    package let name: String
    private let kind: Kind

    private enum Kind: Sendable {
        case name
        case loopback
        case inward
        case outward
    }

    /// A host of the given name.
    ///
    /// - Parameter name: a name, an IPv4 address, or an IPv6 address with or without brackets.
    package init(_ name: String) {
        let bare = name.lowercased().filter { $0 != "[" && $0 != "]" }
        self.name = bare
        if bare == "localhost" {
            kind = .loopback
        } else if bare.hasSuffix(".localhost") {
            kind = .inward
        } else if let bytes = Self.version4(bare) {
            kind = Self.kind(version4: bytes)
        } else if let bytes = Self.version6(bare) {
            kind = Self.kind(version6: bytes)
        } else {
            kind = .name
        }
    }

    /// `localhost`, 127.0.0.0/8, ::1: traffic stays on this machine.
    package var isLoopback: Bool { kind == .loopback }

    /// An address of this machine, its link or a private network, in so many words.
    package var isInward: Bool { kind == .loopback || kind == .inward }

    /// Whether it is spelled as it is meant.
    ///
    /// libcurl resolves percent signs in a host, behind which `isInward` sees no address, and URLSession
    /// maps what is no ASCII to something else than `URL` shows.
    package var isPlain: Bool {
        name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._:".utf8.contains(byte)
            }
        }
    }

    /// inet_aton(3) takes all the forms that a resolver takes: `127.1`, `0x7f000001`, `2130706433`.
    private static func version4(_ text: String) -> [UInt8]? {
        var address = in_addr()
        guard unsafe inet_aton(text, &address) == 1 else { return nil }
        let value = UInt32(bigEndian: address.s_addr)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    private static func version6(_ text: String) -> [UInt8]? {
        let bare = text.prefix { $0 != "%" }
        var bytes = [UInt8](repeating: 0, count: 16)
        return unsafe inet_pton(AF_INET6, String(bare), &bytes) == 1 ? bytes : nil
    }

    private static func kind(version4 bytes: [UInt8]) -> Kind {
        switch (bytes[0], bytes[1]) {
        case (127, _): .loopback
        case (0, _), (10, _), (169, 254), (172, 16...31), (192, 168), (100, 64...127),
            (224...255, _):
            .inward
        default: .outward
        }
    }

    private static func kind(version6 bytes: [UInt8]) -> Kind {
        let isMapped =
            bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
        if isMapped { return kind(version4: Array(bytes.suffix(4))) }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .loopback : .inward }
        switch (bytes[0], bytes[1]) {
        case (0xFC...0xFD, _), (0xFE, 0x80...), (0xFF, _): return .inward
        default: return .outward
        }
    }
}
