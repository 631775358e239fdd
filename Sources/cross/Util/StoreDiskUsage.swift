// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import OCIStore

extension StoreCommands {
    /// `cross-util store df`.
    struct DiskUsage: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "df",
            abstract: "Says how much disk the store takes; what is shared is counted once."
        )

        @Option(help: "How: human or json.")
        var format: Format = .human

        mutating func run() throws {
            let store = try Store.ofUser(try Host.current())
            let facts = UsageFacts(try store.usage(), "\(store.path)")
            guard format == .json else { return StandardOutput.write(facts.table) }
            StandardOutput.write(try String(json: facts))
        }
    }
}

/// How much a store takes, in the words of its users.
private struct UsageFacts: Encodable {
    struct Part: Encodable {
        let count: Int
        /// In bytes.
        let size: Int64
    }

    let path: String
    /// In bytes.
    let total: Int64
    /// In bytes, if each root filesystem had its files for itself.
    let unshared: Int64
    let parts: [String: Part]

    private static let words = [
        ("files", "contents of files in root filesystems"),
        ("unlinked", "contents of files in layers alone, or in nothing"),
        ("directories", "directories and links"),
        ("layers", "what layers say"),
        ("indexes", "package indexes"),
        ("temporary", "downloads, and what is being made"),
        ("records", "records and locks"),
    ]

    init(_ usage: StoreUsage, _ path: String) {
        self.path = path
        total = usage.total
        unshared = usage.trees.reduce(0) { $0 + $1.size }
        let all = [
            usage.files, usage.unlinked, usage.directories, usage.layers, usage.indexes,
            usage.temporary, usage.records,
        ]
        parts = Dictionary(
            uniqueKeysWithValues: zip(Self.words, all).map { words, part in
                (words.0, Part(count: part.count, size: part.size))
            }
        )
    }

    var table: String {
        let rows = Self.words.map { name, words in
            let part = parts[name]
            return ByteCount.text(part?.size ?? 0).padded(to: 10)
                + "\(part?.count ?? 0)".padded(to: 10) + words
        }
        return
            (["SIZE".padded(to: 10) + "COUNT".padded(to: 10) + path] + rows + [
                ByteCount.text(total).padded(to: 20) + "in all; "
                    + "\(ByteCount.text(unshared)) if root filesystems shared nothing"
            ]).joined(separator: "\n")
    }
}
