// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct LimitTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    @Test func tooManyEntriesAreRefused() throws {
        var limits = LayerLimits()
        limits.entries = 10
        var tar = TarBuilder()
        for index in 0..<10 { tar.add("\(index)") }
        try layers.unpack(tar.archive, limits: limits)
        tar.add("one more")
        #expect(throws: LayerError.limit(.entries)) {
            try layers.unpack(tar.archive, limits: limits)
        }
    }

    @Test func tooManyBytesAreRefusedWhileTheyCome() throws {
        var limits = LayerLimits()
        limits.bytes = 1 << 20
        var tar = TarBuilder()
        tar.add("x".utf8, content: [UInt8](repeating: 0, count: 200_000))
        try layers.unpack(tar.archive, limits: limits)
        tar.end()
        tar.append([UInt8](repeating: 0, count: 8 << 20))
        #expect(throws: LayerError.limit(.bytes)) { try layers.unpack(tar.bytes, limits: limits) }
    }

    @Test func aFileOfHolesCountsWithItsHoles() throws {
        var tar = TarBuilder()
        tar.addPax([
            "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s",
            "GNU.sparse.realsize": "\(1 << 40)",
        ])
        let map = Array("0\n".utf8) + [UInt8](repeating: 0, count: 510)
        tar.add("GNUSparseFile.0/s".utf8, content: map)
        #expect(throws: LayerError.limit(.bytes)) { try layers.unpack(tar.archive) }
        #expect(try layers.isUntouched)
    }

    @Test(arguments: [(["gzip", "-9"], LayerMediaType.tarGzip), (["zstd", "-q", "-c"], .tarZstd)])
    func bombIsDefusedLongBeforeItsEnd(program: [String], mediaType: LayerMediaType) throws {
        var limits = LayerLimits()
        limits.bytesBeforeRatio = 4 << 20
        var tar = TarBuilder()
        tar.add("zeros".utf8, content: [UInt8](repeating: 0, count: 64 << 20))
        let bomb = try compressed(tar.archive, with: program)
        #expect(throws: LayerError.limit(.ratio)) {
            try layers.unpack(tar.archive, as: mediaType, blob: bomb, limits: limits)
        }
        #expect(try layers.isUntouched)
        // Within the limits, the same layer is a layer.
        try layers.unpack(tar.archive, as: mediaType, blob: bomb)
    }

    @Test func largeAttributesAreRefused() throws {
        var limits = LayerLimits()
        limits.attributes = 100
        var tar = TarBuilder()
        tar.addPax(["SCHILY.xattr.user.a": String(repeating: "x", count: 101)])
        tar.add("x")
        #expect(throws: LayerError.limit(.attributes)) {
            try layers.unpack(tar.archive, limits: limits)
        }
    }

    @Test func hundredThousandEntriesTakeLinearTime() throws {
        var small = TarBuilder()
        for index in 0..<12_000 { small.add("d\(index % 100)/\(index)", type: "5", mode: 0o755) }
        var large = small
        for index in 12_000..<120_000 {
            large.add("d\(index % 100)/\(index)", type: "5", mode: 0o755)
        }
        let clock = ContinuousClock()
        let first = try clock.measure { try layers.unpack(small.archive) }
        let second = try clock.measure { try layers.unpack(large.archive) }
        #expect(second < first * 40 + .seconds(1))
    }
}
