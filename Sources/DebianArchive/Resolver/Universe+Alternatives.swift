// SPDX-License-Identifier: MIT OR Apache-2.0

extension Universe {
    /// What somebody might have meant who asked for a name that no package has.
    func alternatives(to name: String) -> ResolutionError.Alternatives {
        var alternatives = ResolutionError.Alternatives()
        let wanted = Array(name.utf8)
        var similar: [(distance: Int, name: String)] = []
        for group in 0..<names.count {
            let others = architectures.indices.filter {
                highest[package(group, $0)] != Self.none
            }
            guard !others.isEmpty else { continue }
            let other = names.name(group)
            if other == name {
                alternatives.architectures = others.map { architectures[$0] }
            } else if let distance = Self.distance(wanted, Array(other.utf8), limit: 2) {
                similar.append((distance, other))
            }
        }
        similar.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
        alternatives.similar = similar.prefix(5).map(\.name)
        if let group = names.find(name.utf8Span.span) {
            let owners = (provisions[group] ?? []).map { identity($0.entry).name }
            alternatives.providers = Array(Set(owners).sorted().prefix(5))
        }
        return alternatives
    }

    /// The number of bytes to insert, remove or replace; `nil` where it is more than the limit.
    private static func distance(_ one: [UInt8], _ other: [UInt8], limit: Int) -> Int? {
        guard abs(one.count - other.count) <= limit else { return nil }
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            var least = row[0]
            for column in other.indices {
                let replaced = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
                least = min(least, row[column + 1])
            }
            guard least <= limit else { return nil }
        }
        return row[other.count] <= limit ? row[other.count] : nil
    }
}
