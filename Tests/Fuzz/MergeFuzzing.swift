// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

/// Merges layers that the bytes describe.
///
/// A line feed ends an entry, an empty line a layer. An entry's first byte is its kind, then come its
/// name as an archive has it and, after a `>`, what it leads to.
func fuzzMerge(_ bytes: [UInt8]) {
    let ground = FuzzStore([])
    var layers: [Digest] = []
    for layer in split(bytes) where layers.count < 6 {
        do {
            var writer = try LayerWriter(in: ground.store)
            for entry in layer.prefix(60) { try? writer.append(fuzzed: entry) }
            let digest = Digest.of([UInt8(layers.count)])
            try writer.publish(as: digest)
            layers.append(digest)
        } catch {
            fatalError("a layer cannot be written: \(error)")
        }
    }
    checkTree(of: layers, in: ground.store)
    checkOrder(of: bytes, in: ground.store, layers)
    ground.checkSurroundings()
}

/// Layers of entries.
private func split(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.split { $0.isEmpty }.map { Array($0) }
}

/// A whiteout may come before or after what its own layer puts there: with all of them first, the tree is
/// the same.
///
/// Not so with links, which send a name elsewhere from then on, nor where a layer says two things of a name,
/// nor for a whiteout below what is a file somewhere: with a directory in its place it is in a directory
/// that the layer has by the way, before it is nowhere.
private func checkOrder(of bytes: [UInt8], in store: Store, _ layers: [Digest]) {
    let isPlain = split(bytes).allSatisfy { layer in
        let paths = layer.prefix(60).filter { !isMark($0) }.map { try? LayerName(name(of: $0)) }
        return Set(paths).count == paths.count
            && !layer.contains { "lh".utf8.contains($0.first ?? 0) }
    }
    guard !layers.isEmpty, isPlain, !hasMarksBelowFiles(split(bytes).flatMap(\.self)) else {
        return
    }
    var others: [Digest] = []
    for layer in split(bytes).prefix(layers.count) {
        let entries = layer.prefix(60)
        do {
            var writer = try LayerWriter(in: store)
            for entry in entries.filter(isMark) + entries.filter({ !isMark($0) }) {
                try? writer.append(fuzzed: entry)
            }
            let digest = Digest.of([100 + UInt8(others.count)])
            try writer.publish(as: digest)
            others.append(digest)
        } catch {
            fatalError("a layer cannot be written: \(error)")
        }
    }
    // What is below a lower layer's file is refused unless the file is known to be gone by then.
    guard let one = try? StoredTree(layers, in: store) else { return }
    let other = try? StoredTree(others, in: store)
    promise(other.map(listing) == listing(one), "whiteouts' order changes nothing")
}

/// Whether an entry speaks of lower layers alone.
private func isMark(_ entry: ArraySlice<UInt8>) -> Bool {
    switch try? LayerName(name(of: entry)) {
    case .whiteout, .opaque: true
    case .path, .ignored, nil: false
    }
}

/// Whether an entry speaks of what is below something that another one calls no directory.
private func hasMarksBelowFiles(_ entries: [ArraySlice<UInt8>]) -> Bool {
    var files: Set<ArraySlice<PathBytes>> = []
    for entry in entries where "fpc".utf8.contains(entry.first ?? 0) {
        guard case .path(let path)? = try? LayerName(name(of: entry)) else { continue }
        files.insert(path.components[...])
    }
    return entries.contains { entry in
        switch try? LayerName(name(of: entry)) {
        case .whiteout(let path), .opaque(let path):
            path.components.indices.contains { files.contains(path.components[...$0]) }
        case .path, .ignored, nil: false
        }
    }
}

/// The name of an entry, as an archive has it.
private func name(of entry: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    entry.dropFirst().prefix { $0 != UInt8(ascii: ">") }
}

/// All names with what they are.
private func listing(_ tree: StoredTree) -> [String] { listing(tree, .root) }

private func listing(_ tree: StoredTree, _ path: LayerPath) -> [String] {
    tree.names(in: path).flatMap { name -> [String] in
        guard let inner = try? LayerPath(path.bytes + "/".utf8 + name.bytes),
            let kind = tree.kind(of: inner, following: false)
        else { return ["?"] }
        return ["\(inner.bytes) \(kind)"] + (kind == .directory ? listing(tree, inner) : [])
    }
}

extension LayerWriter {
    fileprivate mutating func append(fuzzed entry: ArraySlice<UInt8>) throws {
        var rest = entry
        let letter = first(of: &rest)
        let parts = rest.split(
            separator: UInt8(ascii: ">"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let target = parts.count > 1 ? parts[1] : []
        let metadata = InodeMetadata(mode: UInt32(letter) << 3 | 0o400, time: .init(seconds: 1))
        switch try LayerName(parts.first ?? []) {
        case .ignored: return
        case .whiteout(let path):
            try append(LayerEntry(path: path, kind: .whiteout, metadata: metadata))
        case .opaque(let path):
            try append(LayerEntry(path: path, kind: .opaque, metadata: metadata))
        case .path(let path):
            guard letter != UInt8(ascii: "f"), !path.components.isEmpty || letter == 0x64 else {
                guard !path.components.isEmpty else { return }
                return try append(Array(target), at: path, metadata)
            }
            guard let kind = try kind(letter, target) else { return }
            try append(LayerEntry(path: path, kind: kind, metadata: metadata))
        }
    }

    private func kind(_ letter: UInt8, _ target: ArraySlice<UInt8>) throws -> LayerEntry.Kind? {
        switch letter {
        case UInt8(ascii: "l"):
            target.isEmpty || target.count > 4095
                ? nil : PathBytes(target).map { .symbolicLink($0) }
        case UInt8(ascii: "h"): .hardLink(try LayerPath(target))
        case UInt8(ascii: "p"): .fifo
        case UInt8(ascii: "c"): .device(.init(isBlock: false, major: 0, minor: 0))
        default: .directory
        }
    }
}

func mergeSeeds() -> [[UInt8]] {
    [
        "da\nfa/x>1\nfa/y>2\n\nda\nf.wh.a/x\nfa/.wh.y\n\nfa/.wh..wh..opq\nfa/z>3",
        "lusr/lib>lib64\nllib>usr/lib\nflib/x>1\n\nflib/y>2\n\nflib/.wh.x",
        "fx>1\nhy>x\n\nf.wh.x\nhz>y\npq\ncn",
        "la>b\nlb>a\nfa/x>1", "la>/..//../etc\nfa/x>1\nla/b>../..\nfa/b/c>2",
        "dd\nfd/f>1\n\nfd>2\n\ndd\nfd/g>3\nf.wh.d", "lx>.\nfx/x/x/x/y>1", "d\nf.wh..wh.aufs>x",
    ].map { Array($0.utf8) }
}
