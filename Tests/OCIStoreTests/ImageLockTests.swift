// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport
import Testing

@Suite struct ImageLockTests {
    private func record(
        manifest: String = "manifest",
        layers: [String] = ["a", "b"],
        _ configuration: ImageConfiguration = ImageConfiguration(environment: ["A=1"])
    ) throws -> ImageRecord {
        let layers = layers.map { digest($0) }
        return ImageRecord(
            index: digest("index"),
            manifest: digest(manifest),
            configurationDigest: digest("configuration of \(manifest)"),
            configuration: configuration,
            diffIDs: layers,
            chainID: try #require(Digest.chainID(of: layers))
        )
    }

    private func accepts(_ lock: ImageLock, _ record: ImageRecord) -> Bool {
        lock.accepts(diffIDs: record.diffIDs, record.configuration)
    }

    // A mirror that compresses anew or translates to OCI has other documents and the same contents.
    @Test func whatAMirrorEncodedAnewIsTheSame() throws {
        let lock = ImageLock(try record())
        let translated = ImageConfiguration(
            environment: ["A=1"],
            labels: ["by": "mirror"],
            shell: ["/bin/bash"],
            onBuild: ["RUN x"]
        )
        #expect(accepts(lock, try record(manifest: "converted", translated)))
    }

    @Test func otherLayersOrSettingsAreNot() throws {
        let lock = ImageLock(try record())
        #expect(!accepts(lock, try record(layers: ["a"])))
        #expect(!accepts(lock, try record(layers: ["b", "a"])))
        #expect(!accepts(lock, try record(ImageConfiguration(environment: ["A=2"]))))
        let entrypoint = ImageConfiguration(environment: ["A=1"], entrypoint: ["/x"])
        #expect(!accepts(lock, try record(entrypoint)))
    }

    // Locks are kept for years: what stands in them must not change with the program.
    @Test func theDigestOfSettingsStays() {
        let settings = ImageConfiguration(environment: ["PATH=/bin"], workingDirectory: "/w")
            .settings
        let text =
            #"{"command":[],"entrypoint":[],"environment":["PATH=/bin"],"user":"","workingDirectory":"/w"}"#
        #expect(settings == digest(text))
    }

    @Test func aTagThatMovesLeavesWhatItMeantUnderItsDigest() throws {
        let stack = try LayerStack()
        let tag = try ImageReference("r.example/a:1")
        let (old, new) = (try record(), try record(manifest: "new", layers: ["c"]))
        try stack.store.record(old, as: tag, platform: .host)
        try stack.store.move(tag, platform: .host, to: new)
        #expect(try stack.store.image(tag, platform: .host) == new)
        let pinned = tag.pinned(to: old.manifest)
        #expect(try stack.store.image(pinned, platform: .host) == old)
        #expect(try stack.store.images().count == 2)
    }
}
