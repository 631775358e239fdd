// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// What becomes of the entries of layers that are written as one, in which each path may be once:
/// podman refuses an archive that names one twice.
///
/// A directory stands where it is named first, with what is said of it last; all else where it is named
/// last, as the upper layer counts; hard links after all others, so that what they name is there.
struct MergeOrder {
    private var directories: [LayerPath: LayerEntry] = [:]
    private var first: [LayerPath: Int] = [:]
    private var last: [LayerPath: Int] = [:]
    /// To be written at the end, in the order of the layers.
    private(set) var links: [LayerEntry] = []

    /// Reads the layers, given from the bottom up; none of them takes anything away.
    init(_ layers: [Digest], in store: Store) throws(LayerError) {
        var found: [(place: Int, entry: LayerEntry)] = []
        var place = 0
        for layer in layers {
            var entries = try storing { () throws(StoreError) in
                try StoredLayer(layer, in: store)
            }
            while let entry = try storing({ () throws(StoreError) in try entries.next() }) {
                place += 1
                last[entry.path] = place
                if case .directory = entry.kind {
                    directories[entry.path] = entry
                    first[entry.path] = first[entry.path] ?? place
                } else {
                    directories[entry.path] = nil
                }
                if case .hardLink = entry.kind { found.append((place, entry)) }
            }
        }
        links = found.filter { last[$0.entry.path] == $0.place }.map(\.entry)
    }

    /// What is written in place of an entry, the first being at 1; `nil` for nothing.
    func entry(_ entry: LayerEntry, at place: Int) -> LayerEntry? {
        if let directory = directories[entry.path] {
            guard first[entry.path] == place, case .directory = entry.kind else { return nil }
            return directory
        }
        if case .hardLink = entry.kind { return nil }
        return last[entry.path] == place ? entry : nil
    }
}
