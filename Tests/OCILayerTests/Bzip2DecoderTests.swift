// SPDX-License-Identifier: MIT OR Apache-2.0

import StoreTestSupport
import Testing

@testable import OCILayer

@Suite struct Bzip2DecoderTests {
    // Small pieces cut headers, trailers and blocks at every place.
    @Test(arguments: [1, 7, 4096, 262_144], [1, 1000, 65_536])
    func severalStreamsAreOne(pieceSize: Int, outputSize: Int) throws {
        let (first, second) = (noise(40_000), Array(repeating: UInt8(7), count: 10_000))
        let blob =
            try compressed(first, with: ["bzip2", "-1"])
            + compressed([], with: ["bzip2"]) + compressed(second, with: ["bzip2"])
        #expect(try decode(blob, .bzip2, pieceSize, outputSize) == first + second)
    }

    @Test(arguments: [1, 16, 262_144])
    func whatIsBrokenIsNamed(pieceSize: Int) throws {
        let whole = try compressed(noise(5000), with: ["bzip2"])
        let bad: [([UInt8], CompressionFault)] = [
            ([], .truncated),
            (Array(whole.dropLast()), .truncated),
            (Array(whole.prefix(3)), .truncated),
            (whole.changing(at: whole.count - 2), .invalidData),
            (whole.changing(at: whole.count / 2), .invalidData),
            (whole + Array("garbage".utf8), .notOfThisCodec),
            (whole + [0], .notOfThisCodec),
            (whole + whole.prefix(20), .truncated),
            (noise(5000), .notOfThisCodec),
        ]
        for (index, (blob, expected)) in bad.enumerated() {
            #expect(try fault(of: blob, .bzip2, pieceSize) == expected, "case \(index)")
        }
    }

    @Test func everyFlippedBitIsAnErrorOrChangesNothing() throws {
        let text = noise(600)
        let whole = try compressed(text, with: ["bzip2"])
        for index in whole.indices {
            let decoded = try? decode(whole.changing(at: index), .bzip2, 64, 4096)
            #expect(decoded == nil || decoded == text, "byte \(index)")
        }
    }
}
