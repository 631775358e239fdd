// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Layers that are unpacked while they still come.
@Suite struct ArrivalTests: ~Copyable {
    let layers: Layers
    let archive: [UInt8]
    let blob: [UInt8]

    init() throws {
        var tar = ordinaryArchive()
        // More than is waited for at a time, and of a kind that no codec makes shorter.
        tar.add("random".utf8, content: (0..<1_000_000).map { _ in .random(in: 0...255) })
        let archive = tar.archive
        let blob = try compressed(archive, with: ["gzip", "-1"])
        layers = try Layers()
        self.archive = archive
        self.blob = blob
    }

    @Test func aLayerThatComesInPiecesIsUnpackedAsItComes() throws {
        let arrival = ArrivingBlob()
        let consumed = DispatchSemaphore(value: 0)
        let half = blob.count / 2
        try bring(arrival) { [blob] write in
            try write(blob.prefix(half))
            // The first half is unpacked before the second half is written at all.
            consumed.wait()
            for start in stride(from: half, to: blob.count, by: 10_000) {
                try write(blob[start..<min(start + 10_000, blob.count)])
            }
            arrival.complete()
        } unpack: {
            try unpack(arrival) { if $0 > 0 { consumed.signal() } }
        }
        let isThere = layers.store.hasLayer(Digest.of(archive))
        #expect(isThere)
        #expect(!arrival.isBroken)
    }

    @Test(arguments: [0.0, 0.5, 1.0])
    func aLayerThatBeginsAnewOrIsGivenUpIsNotPublished(part: Double) throws {
        let arrival = ArrivingBlob()
        try bring(arrival) { [blob] write in
            try write(blob.prefix(Int(Double(blob.count) * part)))
            if part == 0.5 { arrival.reach(0) } else { arrival.abandon() }
            arrival.complete()
        } unpack: {
            do {
                try unpack(arrival) { _ in }
                Issue.record("what is no blob was unpacked")
            } catch is LayerError {}
        }
        #expect(arrival.isBroken)
        let isUntouched = try layers.isUntouched
        #expect(isUntouched)
    }

    private var path: FilePath { layers.store.downloadPath(Digest.of(blob)) }

    private func unpack(
        _ arrival: ArrivingBlob,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws {
        try unpackAlone(
            path,
            arrival: arrival,
            mediaType: .tarGzip,
            diffID: Digest.of(archive),
            into: layers.store,
            progress: progress
        )
    }

    /// Writes the blob in another thread while this one unpacks it.
    private func bring(
        _ arrival: ArrivingBlob,
        _ writer: @escaping @Sendable ((ArraySlice<UInt8>) throws -> Void) throws -> Void,
        unpack: () throws -> Void
    ) throws {
        let path = path
        let done = DispatchGroup()
        DispatchQueue(label: "writer").async(group: done) {
            do {
                try Data().write(to: URL(filePath: path.string))
                let file = try FileHandle(forWritingTo: URL(filePath: path.string))
                var length: Int64 = 0
                arrival.reach(0)
                try writer { piece in
                    try file.write(contentsOf: piece)
                    length += Int64(piece.count)
                    arrival.reach(length)
                }
            } catch {
                Issue.record(error)
                arrival.abandon()
            }
        }
        try unpack()
        done.wait()
    }
}
