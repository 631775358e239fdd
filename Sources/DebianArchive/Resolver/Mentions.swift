// SPDX-License-Identifier: MIT OR Apache-2.0

/// In which order packages are first mentioned in the indexes, be it in a relation of another one.
///
/// Where nothing else tells two packages apart, apt prefers the one it came across last. Few
/// closures ever ask, so the indexes are gone through only then, and only as far as needed.
final class Mentions {
    private let universe: Universe
    private var positions: [Int32]
    private var isGroupKnown: [Bool]
    private var count: Int32 = 0
    private var cursor: Universe.Entry = 0

    /// The fields in the order in which apt looks at them.
    private static let fields: [RelationField] = [
        .preDepends, .depends, .conflicts, .breaks, .recommends, .suggests, .replaces, .enhances,
        .provides,
    ]

    init(_ universe: Universe) {
        self.universe = universe
        self.positions = Array(repeating: -1, count: universe.highest.count)
        self.isGroupKnown = Array(repeating: false, count: universe.names.count)
    }

    /// Puts entries in order, the one whose package is mentioned last first.
    func latestFirst(_ entries: [Universe.Entry]) -> [Universe.Entry] {
        entries.map { ($0, position(of: universe.package($0))) }
            .sorted { $0.1 > $1.1 }
            .map(\.0)
    }

    /// A number that is the greater the later the package is mentioned.
    private func position(of package: Universe.Package) -> Int32 {
        while positions[package] < 0, Int(cursor) < universe.packages.count {
            if universe.packages[Int(cursor)] >= 0 { look(at: cursor) }
            cursor += 1
        }
        return positions[package]
    }

    private func look(at entry: Universe.Entry) {
        let package = universe.package(entry)
        mention(package)
        let paragraph = universe.paragraph(entry)
        let fields = PackageParagraph(paragraph)
        let isForeign = universe.fields(entry).multiArch == .foreign
        for field in Self.fields {
            guard let range = fields.range(of: field.rawValue) else { continue }
            let start = paragraph.startIndex
            let bytes = paragraph.span
            var scanner = RelationScanner(
                field: field.rawValue,
                range: range.lowerBound - start..<range.upperBound - start
            )
            // The field was read in full where it matters; here a malformed one ends early.
            while let item = (try? scanner.next(in: bytes)) ?? nil {
                guard let group = universe.names.find(bytes.extracting(item.name)) else { continue }
                let qualifier = item.qualifier.map { bytes.extracting($0).text }
                look(at: group, qualifier, field, of: package, isForeign: isForeign)
            }
        }
    }

    private func look(
        at group: Universe.Group,
        _ qualifier: String?,
        _ field: RelationField,
        of package: Universe.Package,
        isForeign: Bool
    ) {
        if let qualifier {
            // `any` stands for a name of its own to apt, and not for one of the packages.
            guard let architecture = universe.architectures.firstIndex(of: qualifier) else {
                return
            }
            mention(universe.package(group, architecture))
            return
        }
        switch field {
        case .conflicts, .breaks, .replaces:
            // These are about all packages of the group, and make one only where there is none.
            guard !isGroupKnown[group] else { return }
            mention(universe.package(group, universe.architecture(package)))
        case .provides where isForeign:
            guard !isGroupKnown[group] else { return }
            mention(universe.package(group, 0))
        default:
            mention(universe.package(group, universe.architecture(package)))
        }
    }

    private func mention(_ package: Universe.Package) {
        guard positions[package] < 0 else { return }
        positions[package] = count
        count += 1
        isGroupKnown[universe.group(package)] = true
    }
}
