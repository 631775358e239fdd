// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import FoundationEssentials
import OCIStore
import RootfsRecipe

extension StoreCommands {
    /// `cross-util store list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists root filesystems with what they are for, their size and last use."
        )

        @Option(help: "How: human or json.")
        var format: Format = .human

        mutating func run() throws {
            let store = try Store.ofUser(try Host.current())
            let listing = try StoreListing(store)
            StandardOutput.write(format == .json ? try listing.json() : listing.table)
        }
    }
}

/// The root filesystems of a store, one line for each that a record stands for.
struct StoreListing {
    /// A root filesystem.
    struct Item: Encodable {
        let rootfs: String
        /// Images, recipes and steps that it is for.
        let names: [String]
        /// In bytes; `nil` where only its layers are there.
        let size: Int64?
        /// In bytes, of what no other root filesystem has.
        let own: Int64?
        /// In seconds since 1970, to the hour.
        let lastUse: Int64
    }

    let items: [Item]

    init(_ store: Store) throws(StoreError) {
        let trees = Dictionary(
            try store.usage().trees.map { ($0.chainID, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let records = Dictionary(grouping: try store.records(), by: \.chainID)
        items = records.map { chainID, records in
            Item(
                rootfs: chainID.hex,
                names: Set(records.map { Self.name(of: $0, in: store) }).sorted(),
                size: trees[chainID.hex]?.size,
                own: trees[chainID.hex]?.own,
                lastUse: records.map(\.lastUse).max() ?? 0
            )
        }.sorted { ($0.names.first ?? "", $0.rootfs) < ($1.names.first ?? "", $1.rootfs) }
    }

    /// What people know a record as.
    static func name(of record: StoredRecord, in store: Store) -> String {
        switch record.kind {
        case .image(let reference, let platform): return "\(reference) (\(platform))"
        case .step(let key): return "step \(key.hex.prefix(12))"
        case .recipe(let digest):
            let known: RecipeRecord? = try? store.peek(record)
            guard let lock = known?.lock else { return "recipe \(digest.hex.prefix(12))" }
            let suite = lock.releases.first?.suite ?? ""
            return "Debian \(suite), \(lock.packages.count) packages, "
                + "recipe \(lock.recipe.hex.prefix(12))"
        }
    }

    var table: String {
        let rows =
            [("ROOTFS", "SIZE", "OWN", "LAST USE", "FOR")]
            + items.map { item in
                (
                    String(item.rootfs.prefix(12)), item.size.map(ByteCount.text) ?? "-",
                    item.own.map(ByteCount.text) ?? "-", Self.date(item.lastUse),
                    item.names.joined(separator: ", ")
                )
            }
        return rows.map { row in
            [
                row.0.padded(to: 14), row.1.padded(to: 10), row.2.padded(to: 10),
                row.3.padded(to: 18),
            ]
            .joined() + row.4
        }.joined(separator: "\n")
    }

    func json() throws -> String { try String(json: items) }

    /// `2026-11-29 08:12`, of Greenwich, as logs have it.
    private static func date(_ seconds: Int64) -> String {
        let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        return String(text.prefix(16)).replacing("T", with: " ")
    }
}

/// How many bytes something has, for people.
enum ByteCount {
    /// `412 MB`, `1.3 GB`, `17 kB`: decimal, as disks are sold.
    static func text(_ count: Int64) -> String {
        var value = Double(count)
        var units = ["B", "kB", "MB", "GB", "TB"][...]
        while value >= 1000, units.count > 1 {
            value /= 1000
            units = units.dropFirst()
        }
        let unit = units.first ?? ""
        guard value < 10, unit != "B" else { return "\(Int(value.rounded())) \(unit)" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}

extension String {
    /// The text with spaces up to a width in columns; cells hold ASCII alone.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - utf8.count))
    }
}
