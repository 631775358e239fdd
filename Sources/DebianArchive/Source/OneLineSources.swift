// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5), "One-line-style format".

import SystemPackage

/// Sources as files ending in `.list` have them.
enum OneLineSources {
    static func read(
        _ bytes: [UInt8],
        file: FilePath
    ) throws(AptSourcesError) -> [AptSource] {
        var sources: [AptSource] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
            guard !text.allSatisfy(\.isWhitespace) else { continue }
            guard let entry = entry(text, file: file) else {
                throw .malformedLine(file, line: index + 1)
            }
            if let source = entry.source { sources.append(source) }
        }
        return sources
    }

    /// What a line says; nothing that matters where it is about source packages.
    private static func entry(
        _ text: String,
        file: FilePath
    ) -> (source: AptSource?, Void)? {
        var rest = text.drop(while: \.isWhitespace)
        let type = rest.prefix { !$0.isWhitespace && $0 != "[" }
        guard type == "deb" || type == "deb-src" else { return nil }
        rest = rest.dropFirst(type.count).drop(while: \.isWhitespace)

        var signedBy: SigningKeys?
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            for option in rest[..<end].dropFirst().split(whereSeparator: \.isWhitespace) {
                guard let equals = option.firstIndex(of: "=") else { return nil }
                if option[..<equals].lowercased() == "signed-by" {
                    signedBy = SigningKeys(signedBy: String(option[option.index(after: equals)...]))
                }
            }
            rest = rest[rest.index(after: end)...]
        }
        let words = rest.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count >= 2 else { return nil }
        guard type == "deb" else { return (nil, ()) }
        return (
            AptSource(
                uris: [words[0]],
                suites: [words[1]],
                components: Array(words.dropFirst(2)),
                signedBy: signedBy,
                file: file
            ), ()
        )
    }
}
