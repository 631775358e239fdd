// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct ImageRecordTests: ~Copyable {
    let directory: TemporaryDirectory
    let store: Store
    let record = ImageRecord(
        manifest: digest("manifest"),
        configurationDigest: digest("configuration"),
        configuration: ImageConfiguration(environment: ["PATH=/bin", "É=\u{1}"], user: "1000"),
        diffIDs: [digest("a"), digest("b")],
        chainID: digest("c")
    )
    let arm = Platform(os: "linux", architecture: "arm", variant: "v7")

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(at: directory.path)
        self.directory = directory
    }

    @Test func recordComesBackForItsReferenceAndPlatformOnly() throws {
        let reference = try ImageReference("localhost:5000/a/b:1.0")
        try store.record(record, as: reference, platform: arm)
        #expect(try store.image(reference, platform: arm) == record)
        #expect(try store.image(reference, platform: .host) == nil)
        #expect(try store.image(ImageReference("localhost:5000/a/b"), platform: arm) == nil)
        #expect(
            exists(
                directory.path.appending("images").appending("localhost:5000").appending("a")
                    .appending("b").appending(":1.0").appending("linux-arm-v7.json")
            )
        )
    }

    @Test func laterRecordReplacesTheEarlier() throws {
        let reference = try ImageReference("ubuntu")
        var later = record
        later.manifest = digest("other")
        try store.record(record, as: reference, platform: .host)
        try store.record(later, as: reference, platform: .host)
        #expect(try store.image(reference, platform: .host) == later)
    }

    @Test func digestCountsMoreThanTag() throws {
        let pinned = "@\(digest("manifest"))"
        try store.record(record, as: ImageReference("a/b:x\(pinned)"), platform: .host)
        #expect(try store.image(ImageReference("a/b\(pinned)"), platform: .host) == record)
        #expect(try store.image(ImageReference("a/b:x"), platform: .host) == nil)
    }

    @Test func tagsAndLongerRepositoriesDoNotMeet() throws {
        for name in ["r.io/a", "r.io/a:b", "r.io/a/b", "r.io/a/b:b"] {
            try store.record(record, as: ImageReference(name), platform: .host)
        }
        #expect(try store.image(ImageReference("r.io/a/b:b"), platform: .host) == record)
    }

    @Test(arguments: ["../x", "a/b", "", ".", "LINUX", "a-b", "a\u{301}"])
    func platformThatIsNoFileNameIsRefused(os: String) throws {
        let platform = Platform(os: os == "." ? "x/." : os, architecture: "amd64")
        #expect(throws: StoreError.invalidPlatform(platform)) {
            _ = try store.image(ImageReference("ubuntu"), platform: platform)
        }
    }

    @Test func damagedRecordIsNamed() throws {
        let reference = try ImageReference("r.io/a:b")
        try store.record(record, as: reference, platform: arm)
        let path = directory.path.appending("images").appending("r.io").appending("a")
            .appending(":b").appending("linux-arm-v7.json")
        try write("{", to: path)
        #expect(throws: StoreError.damaged(path, line: nil)) {
            _ = try store.image(reference, platform: arm)
        }
    }
}
