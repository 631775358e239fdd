// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5), "deb822-style format".

import SystemPackage

/// Sources as files ending in `.sources` have them.
enum ParagraphSources {
    private static let refusals: Set<String> = ["no", "false", "without", "off", "disable", "0"]

    static func read(
        _ bytes: [UInt8],
        file: FilePath
    ) throws(AptSourcesError) -> [AptSource] {
        let paragraphs: [ControlParagraph]
        do throws(ControlError) {
            paragraphs = try ControlParagraph.read(bytes, allowsComments: true)
        } catch {
            throw .malformed(file, error)
        }
        var sources: [AptSource] = []
        for paragraph in paragraphs {
            if let enabled = paragraph["Enabled"], refusals.contains(enabled.lowercased()) {
                continue
            }
            let types = try words("Types", paragraph, file)
            let uris = try words("URIs", paragraph, file)
            let suites = try words("Suites", paragraph, file)
            guard types.contains("deb") else { continue }
            sources.append(
                AptSource(
                    uris: uris,
                    suites: suites,
                    components: split(paragraph["Components"] ?? ""),
                    signedBy: paragraph["Signed-By"].map { SigningKeys(signedBy: $0) },
                    file: file
                )
            )
        }
        return sources
    }

    private static func words(
        _ name: String,
        _ paragraph: ControlParagraph,
        _ file: FilePath
    ) throws(AptSourcesError) -> [String] {
        let words = split(paragraph[name] ?? "")
        guard !words.isEmpty else {
            throw .malformed(file, .missing(field: name, offset: paragraph.offset))
        }
        return words
    }

    private static func split(_ value: String) -> [String] {
        value.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
