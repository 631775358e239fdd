// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import OCILayer

/// A blob that one thread decodes, a second hashes and a third reads.
@Suite struct DecodedStreamTests: ~Copyable {
    /// Of the ring between the threads.
    private static let buffer = 512 * 1024

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func stream(of archive: [UInt8], isHashed: Bool = true) throws -> DecodedStream {
        let path = directory.path.appending("blob")
        try Data(archive).write(to: URL(filePath: path.string))
        return DecodedStream(
            of: BlobPart(of: path),
            .none,
            limits: LayerLimits(),
            isHashed: isHashed
        ) { _ in }
    }

    @Test(arguments: [0, 1, buffer - 1, buffer, buffer + 1, 4 * buffer, 9 * buffer + 7])
    func allOfItIsReadAndHashed(size: Int) throws {
        let archive = noise(size)
        let stream = try stream(of: archive)
        defer { stream.cancel() }
        var read: [UInt8] = []
        while case let bytes = try unsafe stream.next(), unsafe !bytes.isEmpty {
            unsafe read += bytes
        }
        #expect(read == archive)
        #expect(try stream.digest() == Digest.of(archive))
        #expect(try unsafe stream.next().isEmpty)
    }

    @Test func whatNobodyWantsADigestOfHasNone() throws {
        let stream = try stream(of: noise(3 * Self.buffer), isHashed: false)
        defer { stream.cancel() }
        #expect(try stream.digest() == nil)
    }

    @Test(arguments: [true, false], 0..<6)
    func whatIsCancelledBeforeItsEndEndsThere(isHashed: Bool, reads: Int) throws {
        let stream = try stream(of: noise(9 * Self.buffer), isHashed: isHashed)
        for _ in 0..<reads { #expect(try unsafe !stream.next().isEmpty) }
        stream.cancel()
        #expect(try unsafe stream.next().isEmpty)
        #expect(try stream.digest() == nil)
    }
}
