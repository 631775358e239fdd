// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser

/// `cross-util targets`: what is known of each target.
struct Targets: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the targets: published images, and the Debian suite that can replace them."
    )

    @Flag(help: "The same as --format json.")
    var json = false

    @Option(help: "How: human or json.")
    var format: Format = .human

    @OptionGroup var engine: EngineOptions
    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let library = ManifestLibrary(directory: nil)
        let facts = try ManifestLibrary.triples.compactMap { triple in
            try RootfsManifest.find(try Target(triple), in: library)
                .map { TargetFacts(triple, $0) }
        }
        StandardOutput.write(json || format == .json ? try String(json: facts) : Self.table(facts))
    }

    private static func table(_ facts: [TargetFacts]) -> String {
        let rows =
            [["TARGET", "IMAGE", "DEBIAN", ""]]
            + facts.map { facts in
                [
                    facts.target, facts.image == nil ? "-" : "published", facts.suite ?? "-",
                    facts.reason ?? "",
                ]
            }
        let widths = (0..<3).map { column in rows.map { $0[column].utf8.count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.utf8.count + 2)
            }.joined() + row[3]
        }.joined(separator: "\n")
    }
}

/// A target's manifest in short.
private struct TargetFacts: Encodable {
    let target: String
    /// The published image.
    let image: String?
    /// The suite of the recipe.
    let suite: String?
    /// Whether the standard library is built with the project.
    let buildsStandardLibrary: Bool
    /// What one should know, or why there is no recipe.
    let reason: String?

    init(_ triple: String, _ manifest: RootfsManifest) {
        target = triple
        image = manifest.image?.reference
        suite = manifest.debian?.suite
        buildsStandardLibrary = manifest.debian?.buildStd != nil
        reason = manifest.unavailable ?? manifest.reason
    }
}
