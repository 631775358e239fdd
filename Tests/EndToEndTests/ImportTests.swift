// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Images that come as files, and stores that are only read: machines without a network.
@Suite(.serialized) struct ImportTests: ~Copyable {
    private let home: Home

    init() throws { home = try Home() }

    private func util(_ words: [String], _ environment: [String: String] = [:]) async throws
        -> Outcome
    {
        try await home.run(
            [home.machine.program("cross-util")] + words,
            environment: environment
        )
    }

    private func bash(_ script: String) async throws {
        let layout = home.machine.smallImage.string
        let outcome = try await home.run(["/bin/bash", "-euc", script, "bash", layout])
        try #require(outcome.code == 0, "\(outcome.errors)")
    }

    private func rootfs(_ store: FilePath) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: store.appending("rootfs").string)
    }

    /// What a pull of the same image makes.
    private func pulled() async throws -> [String] {
        let store = home.path.appending("pulled")
        let outcome = try await util(
            ["pull", home.machine.image("small:latest")],
            ["CROSS_STORE": store.string]
        )
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try rootfs(store)
    }

    @Test(arguments: [
        "cp -r $1 image", "tar -C $1 -cf image .", "tar -C $1 -czf image .",
        "skopeo --insecure-policy copy -q oci:$1:small oci-archive:image:r.example/small:1",
        "skopeo --insecure-policy copy -q oci:$1:small docker-archive:image:r.example/small:1",
        """
        skopeo --insecure-policy copy -q oci:$1:small docker-archive:plain:r.example/small:1
        zstd -q plain -o image
        """,
    ])
    func whatOthersSavedBecomesTheSameTree(script: String) async throws {
        try await bash(script)
        let outcome = try await util(["import", "image", "--as", "r.example/small:1"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try rootfs(home.store) == (try await pulled()))
        #expect(try await util(["store", "verify"]).code == 0)
        let list = try await util(["images", "list"])
        #expect(list.output.contains("r.example/small:1"))
        // Nothing of the archive stays.
        let left = try FileManager.default.contentsOfDirectory(
            atPath: home.store.appending("tmp").string
        )
        #expect(left == ["downloads"])
    }

    @Test func aFileNamesItsImageItself() async throws {
        try await bash(
            "skopeo --insecure-policy copy -q oci:$1:small docker-archive:image:r.example/named:7"
        )
        #expect(try await util(["import", "image"]).code == 0)
        #expect(try await util(["images", "list"]).output.contains("r.example/named:7"))
    }

    @Test(arguments: [
        // A flipped byte in the largest layer, in the manifest; a blob that is gone.
        (
            "cp -r $1 image; file=$(ls -S image/blobs/sha256/* | head -n 1); "
                + "printf x | dd of=$file bs=1 seek=9000 conv=notrunc status=none",
            "has the digest"
        ),
        (
            "cp -r $1 image; for file in image/blobs/sha256/*; do "
                + "if grep -q 'image.manifest' $file; then echo >>$file; fi; done",
            "has the digest"
        ),
        (
            "cp -r $1 image; rm $(ls -S image/blobs/sha256/* | head -n 1 | xargs)",
            "digest|is not whole"
        ),
        ("mkdir image", "there is no image"), ("echo no tar >image", "cannot be read"),
        ("mkdir image; echo '{' >image/index.json", "is not what it should be"),
    ])
    func whatIsNotWholeIsRefused(script: String, reason: String) async throws {
        try await bash(script)
        let outcome = try await util(["import", "image", "--as", "r.example/small:1"])
        #expect(outcome.code == 125)
        let isNamed = reason.split(separator: "|").contains { outcome.errors.contains($0) }
        #expect(isNamed || outcome.errors.contains("open"), "\(outcome.errors)")
        #expect(try rootfs(home.store).isEmpty)
        #expect(try await util(["images", "list"]).output.contains("r.example") == false)
    }

    // The names lead out of the directory; what they would overwrite stays as it is.
    @Test func namesThatLeadOutAreNeverWritten() async throws {
        try await bash(
            """
            mkdir deep; echo mine >victim; echo theirs >deep/victim
            tar -cf image --transform 's,^deep,..,' -P deep/victim
            tar -rf image --transform "s,^deep,$PWD," -P deep/victim
            """
        )
        #expect(try await util(["import", "image", "--as", "r.example/x:1"]).code == 125)
        let victim = home.path.appending("victim").string
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "mine\n")
    }

    @Test func aStoreThatIsOnlyReadIsUsedAndStaysAsItIs() async throws {
        let lower = home.path.appending("pulled")
        _ = try await pulled()
        try await bash("chmod -R a-w pulled; find pulled -printf '%p %m %s %T@ %n\\n' >before")
        let crate = try home.crate(image: home.machine.image("small:latest"))
        let outcome = try await home.run(
            [
                home.machine.program("cross-util"), "pull", "--offline", "--target",
                "aarch64-unknown-linux-gnu",
            ],
            in: crate,
            environment: ["CROSS_STORE_RO": "\(lower)"]
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try rootfs(home.store).isEmpty)
        try await bash(
            "find pulled -printf '%p %m %s %T@ %n\\n' | cmp - before; chmod -R u+w pulled"
        )
    }

    @Test func severalImagesComeAtOnce() async throws {
        let names = ["small:latest", "small:latest"].map { home.machine.image($0) }
        let outcome = try await util(["pull"] + names)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count { $0.contains("Pulling") } == 2)
        #expect(try rootfs(home.store).count == 1)
    }
}
