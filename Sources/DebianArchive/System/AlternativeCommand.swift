// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: update-alternatives(1), "--install".

/// Reads from a maintainer script, which is not run, what it would register.
///
/// Only commands whose words are plain are understood; what a script computes is in
/// `AlternativeTable`. The names of compilers carry their versions, so the scripts know better than
/// any table.
enum AlternativeCommand {
    static func alternatives(in script: String) -> [Alternative] {
        script.replacing("\\\n", with: " ").split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.first?.hasPrefix("#") == false,
                let command = words.firstIndex(of: "update-alternatives")
            else { return nil }
            return alternative(words[(command + 1)...].prefix { !isEnd($0) })
        }
    }

    private static func isEnd(_ word: Substring) -> Bool {
        ["#", "|", "&", ";", ">", "2>", ")"].contains { word.hasPrefix($0) }
    }

    private static func alternative(_ words: ArraySlice<Substring>) -> Alternative? {
        guard words.allSatisfy(isPlain) else { return nil }
        var rest = words.drop { $0 == "--quiet" || $0 == "--force" }
        guard rest.popFirst() == "--install", rest.count >= 4,
            let priority = Int(rest[rest.startIndex + 3])
        else { return nil }
        var alternative = Alternative(
            link: String(rest[rest.startIndex]),
            name: String(rest[rest.startIndex + 1]),
            path: String(rest[rest.startIndex + 2]),
            priority: priority
        )
        guard isPair(alternative.link, alternative.name) else { return nil }
        rest = rest.dropFirst(4)
        while rest.popFirst() == "--slave" {
            guard rest.count >= 3 else { return nil }
            let slave = Alternative.Slave(
                link: String(rest[rest.startIndex]),
                name: String(rest[rest.startIndex + 1]),
                path: String(rest[rest.startIndex + 2])
            )
            guard isPair(slave.link, slave.name) else { return nil }
            alternative.slaves.append(slave)
            rest = rest.dropFirst(3)
        }
        return alternative
    }

    /// A link's place is absolute, its name part of no path.
    private static func isPair(_ link: String, _ name: String) -> Bool {
        link.hasPrefix("/") && !name.utf8.contains(UInt8(ascii: "/")) && !name.hasPrefix(".")
    }

    /// Characters that mean themselves to a shell.
    private static func isPlain(_ word: Substring) -> Bool {
        word.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-+@%:,=".utf8.contains($0)
            }
        }
    }
}
