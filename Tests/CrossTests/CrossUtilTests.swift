// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Foundation
import OCIStore
import SystemPackage
import Testing

@testable import cross

@Suite struct CrossUtilTests: ~Copyable {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(at: directory.path.appending("store"))
        self.store = store
        self.directory = directory
    }

    private func add(_ reference: String, label: String? = nil) throws {
        let digest = try Digest("sha256:" + String(repeating: "ab", count: 32))
        let labels = label.map { ["org.cross-rs.for-cross-target": $0] } ?? [:]
        let record = ImageRecord(
            manifest: digest,
            configurationDigest: digest,
            configuration: ImageConfiguration(labels: labels),
            diffIDs: [digest],
            chainID: digest
        )
        try store.record(record, as: try ImageReference(reference), platform: .host)
    }

    // parse_rustembedded_target
    @Test(arguments: [
        ("ghcr.io/cross-rs/aarch64-unknown-linux-gnu", "main", "aarch64-unknown-linux-gnu"),
        (
            "docker.io/rustembedded/cross", "x86_64-unknown-linux-gnu-0.2.1",
            "x86_64-unknown-linux-gnu"
        ),
        (
            "docker.io/rustembedded/cross", "armv7-unknown-linux-gnueabihf",
            "armv7-unknown-linux-gnueabihf"
        ),
        (
            "localhost/cross-rs/cross-custom-p", "aarch64-unknown-linux-musl-abcde-pre-build",
            "aarch64-unknown-linux-musl"
        ),
        ("docker.io/library/debian", "12", nil),
    ])
    func theTargetOfAnImageIsInItsName(name: String, tag: String, expected: String?) {
        #expect(TargetImages.target(named: name, tag: tag) == expected)
    }

    @Test func imagesAreListedByTarget() throws {
        try add("ghcr.io/cross-rs/armv7-unknown-linux-gnueabihf:edge")
        try add("own.example/tools:1", label: "aarch64-unknown-linux-gnu")
        try add("debian:12")
        let all = try TargetImages(store, [])
        #expect(
            all.table == """
                TARGET                         IMAGE
                -                              docker.io/library/debian:12
                armv7-unknown-linux-gnueabihf  ghcr.io/cross-rs/armv7-unknown-linux-gnueabihf:edge
                aarch64-unknown-linux-gnu      own.example/tools:1
                """
        )
        let one = try TargetImages(store, ["aarch64-unknown-linux-gnu"])
        #expect(one.table == "own.example/tools:1")
        let json = try JSONDecoder().decode(
            [String: [[String: String]]].self,
            from: Data(try one.json().utf8)
        )
        let digest = "sha256:" + String(repeating: "ab", count: 32)
        let fact = ["repository": "own.example/tools", "tag": "1", "id": digest]
        #expect(json == ["aarch64-unknown-linux-gnu": [fact]])
    }

    @Test func anEmptyListIsAnEmptyObject() throws {
        let json = try TargetImages(store, []).json()
        #expect(try JSONDecoder().decode([String: [String]].self, from: Data(json.utf8)).isEmpty)
    }

    @Test func imagesThatWereBuiltHereAreToldApart() throws {
        try add("localhost/tools:1")
        try add("debian:12")
        #expect(try store.images().filter(TargetImages.isLocal).count == 1)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func thereAreCompletions(shell: String) throws {
        let command = try CrossUtil.parseAsRoot(["completions", shell])
        #expect(command is Completions)
        #expect(CrossUtil.completionScript(for: .bash).contains("images"))
    }

    @Test(arguments: [
        ["images", "list", "--format", "json"], ["images", "list", "t", "--engine", "podman"],
        ["images", "remove", "-f", "-l", "-e", "t"], ["volumes", "list"],
        ["volumes", "remove-all", "-f", "-e"], ["volumes", "prune", "-e"], ["volumes"],
        ["volumes", "create", "-d", "-c", "--toolchain", "t"], ["volumes", "remove", "-d"],
        ["containers", "list", "--engine", "podman", "-v"],
        ["containers", "remove-all", "-f", "-e"],
        ["containers"], ["clean", "-f", "-l", "-e"], ["images", "list", "-q", "--color", "never"],
        ["update", "--dry-run"], ["store", "df", "--format", "json"], ["store", "prune"],
        ["store", "prune", "--keep", "30d"], ["store", "verify"], ["store", "repair", "--offline"],
        ["run", "-t", "x", "-i", "--", "true"], ["pull", "--target", "x"], ["targets"],
        ["export", "x", "y", "-o", "f", "--compression", "none", "--progress", "json"],
        ["export", "--bundle", "--output", "d/"], ["push", "x", "r.example/x"],
        ["export", "--target", "t", "--as", "n", "-o", "f"], ["push", "--target", "t", "r/x:1"],
    ])
    func theOriginalsCommandLinesAreUnderstood(arguments: [String]) throws {
        _ = try CrossUtil.parseAsRoot(arguments)
    }

    @Test(arguments: [
        [], ["images"], ["images", "list"], ["images", "remove"], ["volumes"], ["volumes", "list"],
        ["volumes", "create"], ["containers"], ["containers", "list"], ["run"], ["clean"],
        ["completions"], ["pull"], ["targets"], ["update"], ["build"], ["export"], ["push"],
        ["import"],
    ])
    func everyCommandExplainsItself(command: [String]) {
        let error = #expect(throws: (any Error).self) {
            var help = try CrossUtil.parseAsRoot(command + ["--help"])
            try help.run()
        }
        guard let error else { return }
        #expect(CrossUtil.exitCode(for: error).isSuccess)
        let help = CrossUtil.fullMessage(for: error)
        #expect(help.hasPrefix("OVERVIEW: ") && help.contains("USAGE: cross-util"))
    }

    @Test func aVolumeCannotBeMade() throws {
        for words in [["volumes", "create"], ["volumes", "remove"]] {
            var command = try CrossUtil.parseAsRoot(words)
            #expect(throws: AbsenceError.noVolume) { try command.run() }
        }
    }

    @Test(arguments: [("30d", 2_592_000), ("12h", 43200), ("90m", 5400), ("0s", 0)])
    func agesAreReadAsPeopleWriteThem(text: String, seconds: Int64) {
        #expect(Age(argument: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "d", "30", "-1d", "1.5d", "30w", "99999999999999999999d", "9999999999999999d",
    ])
    func anythingElseIsNoAge(text: String) {
        #expect(Age(argument: text) == nil)
    }

    @Test func theStoreIsListedOnceForEachRootFilesystem() throws {
        try add("r.example/a:1")
        try add("r.example/b:1")
        let listing = try StoreListing(store)
        #expect(listing.items.count == 1)
        #expect(listing.items.first?.names.count == 2)
        #expect(listing.table.contains("r.example/a:1 (linux-"))
    }
}
