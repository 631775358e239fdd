// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 4880, section 6.2, "Forming ASCII Armor".

import FoundationEssentials

/// OpenPGP keys in ASCII armour.
enum Armour {
    private static let header = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    private static let footer = "-----END PGP PUBLIC KEY BLOCK-----"

    /// Whether the bytes are armoured keys.
    static func isArmoured(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes.prefix(4096), as: UTF8.self).contains(header)
    }

    /// The keys of all blocks, as gpgv(1) wants them.
    ///
    /// - Returns: `nil` where a block has no end, or is no base 64.
    static func keys(_ text: String) -> [UInt8]? {
        var keys: [UInt8] = []
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.filter { $0 != "\r" }
            switch (line, block) {
            case (header, nil): block = []
            case (footer, .some(let lines)):
                guard let data = decoded(lines) else { return nil }
                keys += data
                block = nil
            default: block?.append(line[...])
            }
        }
        return block == nil && !keys.isEmpty ? keys : nil
    }

    /// The lines after the empty one that ends the headers, up to the checksum.
    ///
    /// gpgv reads the keys in full; what a transmission has garbled does not become a key.
    private static func decoded(_ lines: [Substring]) -> Data? {
        guard let start = lines.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) else {
            return nil
        }
        let body = lines[start...].prefix { !$0.hasPrefix("=") }
        return Data(base64Encoded: body.joined())
    }
}
