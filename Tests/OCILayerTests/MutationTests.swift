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

    /// One small archive for each thing that a layer can hold.
    private static var accepted: [[UInt8]] {
        func tar(_ fill: (inout TarBuilder) -> Void) -> [UInt8] {
            var tar = TarBuilder()
            fill(&tar)
            return tar.archive
        }
        return [
            tar {
                $0.add("a/b", content: "text"); $0.add("c", content: "")
            },
            tar {
                $0.add("d/", type: "5", mode: 0o755); $0.add("d/x", content: "1", mode: 0o4711)
            },
            tar {
                $0.add("l", type: "2", link: "/etc"); $0.add("l/x", content: "1")
            },
            tar {
                $0.add("x", content: "1"); $0.add("h", type: "1", link: "x")
            },
            tar {
                $0.add("p", type: "6"); $0.add("n".utf8, type: "3", major: 1, minor: 3)
            },
            tar {
                $0.add("d/.wh.x"); $0.add("d/.wh..wh..opq"); $0.add(".wh.y")
            },
            tar {
                $0.addPax(["path": "long/name", "mtime": "1.5", "uid": "5"]); $0.add("x")
            },
            tar {
                $0.addPax(["SCHILY.xattr.user.a": "b"]); $0.add("x", content: "1")
            },
            tar {
                $0.addPax(["size": "600"]);
                $0.add("x".utf8, content: [UInt8](repeating: 7, count: 600))
            },
            tar {
                $0.add("././@LongLink".utf8, type: "L", content: Array("a/long/name\0".utf8))
                $0.add("x", content: "1")
            },
            tar {
                $0.add("././@LongLink".utf8, type: "K", content: Array("../target\0".utf8))
                $0.add("x", type: "2", link: "t")
            },
            tar {
                $0.addPax([
                    "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s",
                    "GNU.sparse.realsize": "5000",
                ])
                let map = Array("1\n4000\n4\n".utf8)
                $0.add(
                    "s".utf8,
                    content: map + [UInt8](repeating: 0, count: 512 - map.count) + [1, 2, 3, 4]
                )
            },
        ]
    }

    @Test func aChangedByteIsAnErrorOrAnotherLayerAndNeverAnEscape() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("mutations: seed \(seed), \(Self.flips) of each of \(Self.accepted.count) layers")
        var random = SeededGenerator(seed)
        let canary = layers.directory.path.appending("canary")
        _ = unsafe canary.withPlatformString { unsafe mkdir($0, 0o700) }
        try write("mine", to: canary.appending("x"))
        let before = try status(canary.appending("x"))
        var limits = LayerLimits()
        limits.bytes = 1 << 20
        var (accepted, refused) = (0, 0)
        for original in Self.accepted {
            try layers.unpack(original)
            for _ in 0..<Self.flips {
                var changed = original
                changed[Int.random(in: 0..<changed.count - 1024, using: &random)] =
                    .random(in: 0 ... .max, using: &random)
                Self.mendChecksums(&changed)
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

    /// Most changes would only be found by a header's checksum, which an attacker makes fit.
    private static func mendChecksums(_ archive: inout [UInt8]) {
        for start in stride(from: 0, to: archive.count, by: 512)
        where archive[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            archive.replaceSubrange(
                start + 148..<start + 156,
                with: [UInt8](repeating: 0x20, count: 8)
            )
            let sum = archive[start..<start + 512].reduce(0) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let text = String(repeating: "0", count: 6 - digits.count) + digits
            archive.replaceSubrange(start + 148..<start + 156, with: Array(text.utf8) + [0, 0x20])
        }
    }
}

/// Random numbers that come again with their seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    /// Source: Vigna, splitmix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
