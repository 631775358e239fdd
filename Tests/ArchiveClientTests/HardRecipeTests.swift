// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch recipe` where little is to be had: what is lacking is named once, whatever needed it.
@Suite struct HardRecipeTests {
    private let archive: TestArchive
    private let run: RecipeRun
    private let mirror: TestMirror

    private var place: FilePath { run.directory.path.appending("place") }

    init() throws {
        archive = try TestArchive()
        mirror = try TestMirror(archive.root)
        run = try RecipeRun(archive, from: [mirror.address])
        try FileManager.default.createDirectory(
            atPath: place.string,
            withIntermediateDirectories: false
        )
    }

    /// The disk is full at another moment each time; gpgv, too, writes to it.
    @Test func aFullDiskIsNotSomebodyElsesFault() throws {
        for size in stride(from: 4, to: 200, by: 4) {
            try expectError("mount -t tmpfs -o size=\(size)k tmpfs '\(place)'", Self.full)
        }
        for count in stride(from: 8, to: 40, by: 2) {
            try expectError("mount -t tmpfs -o nr_inodes=\(count) tmpfs '\(place)'", Self.full)
        }
    }

    @Test func aLimitForFilesIsNamed() throws {
        let words = ["File too large", "hint: let it write larger files"]
        for blocks in [1, 2, 8, 32] { try expectError("ulimit -f \(blocks)", words) }
    }

    /// With these, some part of it would wait for ever.
    @Test func tooFewOpenFilesAreNamed() throws {
        let words = ["Too many open files", "hint: let it open more files"]
        for count in [16, 20, 30, 48] { try expectError("ulimit -n \(count)", words) }
    }

    /// Where room is made while gpgv fails, nobody knows why it did.
    private static let full = [
        "No space left on device|gpgv could not write", "hint: make room there",
    ]

    /// Each of the words is one, or several of which one will do.
    private func expectError(_ preparation: String, _ words: [String]) throws {
        var run = run
        run.wrapper = [
            "unshare", "--user", "--map-root-user", "--mount",
            "sh", "-c", "\(preparation) && exec \"$@\"", "sh",
        ]
        let result = try run.run(store: place.appending("store"))
        #expect(result.status == 125, "\(preparation): \(result)")
        #expect(
            result.errors.components(separatedBy: "error:").count == 2,
            "\(preparation): \(result.errors)"
        )
        for word in words {
            let isSaid = word.split(separator: "|").contains { result.errors.contains($0) }
            #expect(isSaid, "\(preparation): \(result.errors)")
        }
    }
}
