// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Layers that are accepted, with a byte changed: each is another layer or an error, and never more.
@Suite struct MutationTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    /// How often each accepted layer is changed: `CROSS_TEST_FLIPS`, else a sample.
    private static var flips: Int {
        ProcessInfo.processInfo.environment["CROSS_TEST_FLIPS"].flatMap { Int($0) } ?? 12
    }

    @Test func aChangedByteIsAnErrorOrAnotherLayerAndNeverAnEscape() throws {
        let seed = UInt64.random(in: 0 ... .max)
        let originals = acceptedArchives()
        print("mutations: seed \(seed), \(Self.flips) of each of \(originals.count) layers")
        var random = SplitMix(seed)
        let canary = layers.directory.path.appending("canary")
        _ = unsafe canary.withPlatformString { unsafe mkdir($0, 0o700) }
        try write("mine", to: canary.appending("x"))
        let before = try status(canary.appending("x"))
        var limits = LayerLimits()
        limits.bytes = 1 << 20
        var (accepted, refused) = (0, 0)
        for original in originals {
            try layers.unpack(original)
            for _ in 0..<Self.flips {
                var changed = original
                changed[Int.random(in: 0..<changed.count - 1024, using: &random)] =
                    .random(in: 0 ... .max, using: &random)
                TarBuilder.mendChecksums(&changed)
                guard let diffID = try? layers.unpack(changed, limits: limits) else {
                    refused += 1
                    continue
                }
                accepted += 1
                _ = try? layers.store.materialise([diffID])
            }
        }
        print("mutations: \(accepted) were another layer, \(refused) were refused")
        #expect(accepted > 0 && refused > 0)
        let after = try status(canary.appending("x"))
        #expect(before.st_nlink == after.st_nlink && before.st_mode == after.st_mode)
        #expect(try content(canary.appending("x")) == "mine")
        #expect(try names(in: layers.directory.path) == ["canary", "store"])
        let left = try names(in: layers.store.path.appending("tmp"))
        #expect(left == ["downloads"])
    }
}
