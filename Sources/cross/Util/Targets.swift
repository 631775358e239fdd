// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser

/// `cross-util targets`: what is known of each target.
struct Targets: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Lists the targets, their published images, and which Debian packages replace them."
    )

    @Flag(help: "Only those with a recipe, one a line and nothing else.")
    var recipes = false

    mutating func run() throws {
        let library = ManifestLibrary(directory: nil)
        var rows: [[String]] = []
        for triple in ManifestLibrary.triples {
            guard let manifest = try RootfsManifest.find(try Target(triple), in: library) else {
                continue
            }
            if recipes, manifest.debian == nil { continue }
            rows.append([triple] + (recipes ? [] : Self.facts(manifest)))
        }
        if !recipes { rows.insert(["TARGET", "IMAGE", "RECIPE", "NOTE"], at: 0) }
        StandardOutput.write(Self.table(rows))
    }

    private static func facts(_ manifest: RootfsManifest) -> [String] {
        let note = manifest.unavailable ?? manifest.reason ?? ""
        return [
            manifest.image == nil ? "-" : "published",
            manifest.debian.map { $0.suite + ($0.buildStd == nil ? "" : ", std from source") }
                ?? "-",
            note,
        ]
    }

    private static func table(_ rows: [[String]]) -> String {
        let count = rows.first?.count ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                column == count - 1
                    ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
