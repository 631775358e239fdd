// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport

@testable import OCILayer

/// Unpacks a layer; the first byte says how it is compressed.
///
/// The unpacked archive's digest is not known beforehand, so it is taken for the expected one: what follows a
/// match is what an attacker's own configuration would lead to.
func fuzzLayer(_ bytes: [UInt8]) {
    var rest = bytes[...]
    let codecs: [Codec] = [.none, .none, .gzip, .zstd, .xz, .bzip2]
    let choice = Int(first(of: &rest)) % codecs.count
    var blob = Array(rest)
    // Headers whose checksums do not fit are soon refused; an attacker makes them fit.
    if choice == 0 { TarBuilder.mendChecksums(&blob) }
    var limits = LayerLimits()
    limits.bytes = 1 << 20
    limits.bytesBeforeRatio = 1 << 18
    limits.entries = 1000
    let ground = FuzzStore(blob)
    let stream = DecodedStream(
        of: BlobPart(of: ground.file),
        codecs[choice],
        limits: limits,
        isHashed: true
    ) { _ in }
    do throws(LayerError) {
        defer { stream.cancel() }
        var unpacker = try LayerUnpacker(store: ground.store, limits: limits)
        var placement = ImagePlacement()
        try unpacker.read(try ArchiveReader.tar(stream), &placement)
        guard let digest = try stream.digest() else { return }
        _ = try unpacker.publish(as: digest)
        checkTree(of: [digest], in: ground.store)
    } catch {
        promise((try? names(in: ground.store.path.appending("layers"))) == [], "all or nothing")
    }
    ground.checkSurroundings()
}

/// Makes the tree of layers; it must be what it is checked against, or be refused.
func checkTree(of layers: [Digest], in store: Store) {
    guard let chainID = Digest.chainID(of: layers) else { return }
    do throws(StoreError) {
        _ = try store.materialise(layers)
        let record = ImageRecord(
            manifest: chainID,
            configurationDigest: chainID,
            configuration: ImageConfiguration(),
            diffIDs: layers,
            chainID: chainID
        )
        guard let reference = try? ImageReference("r.example/a:1") else { return }
        try store.record(record, as: reference, platform: .host)
        let damages = try store.check().damages
        promise(damages.isEmpty, "a tree is what its layers say: \(damages)")
    } catch {
        // Names or targets may be longer than a system call takes, times such as no disk has.
        switch error {
        case .conflict, .system: break
        default: promise(false, "what was written can be read: \(error)")
        }
    }
}

func layerSeeds() throws -> [[UInt8]] {
    let plain = acceptedArchives()
    let whole = plain.reduce([]) { $0 + $1.dropLast(1024) } + [UInt8](repeating: 0, count: 1024)
    let codecs: [(UInt8, [String])] = [
        (2, ["gzip", "-n"]), (3, ["zstd", "-q"]), (4, ["xz"]), (5, ["bzip2"]),
    ]
    return try plain.map { [0] + $0 } + [[1] + whole]
        + codecs.map { try [$0.0] + compressed(whole, with: $0.1) }
}
