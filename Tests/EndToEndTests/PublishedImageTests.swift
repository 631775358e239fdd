// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docker/ of its release 0.2.5 and of its main branch.

import Foundation
import SystemPackage
import Testing

/// Both generations of cross-rs's images, which have no Rust, and the names that images go by.
@Suite(.serialized) struct PublishedImageTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        self.home = home
    }

    private func configure(_ image: String) throws {
        try home.write(
            "[target.\(Self.triple)]\nimage = \(image)\n",
            to: crate.appending("Cross.toml")
        )
    }

    private func run(
        _ program: String,
        _ words: [String],
        _ environment: [String: String]
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program(program)] + words,
            in: crate,
            environment: environment
        )
    }

    // What a test sees without any environment is the runner's doing, or ours where it has no default.
    @Test(arguments: [("0.2.5", "of its own choice"), ("main", "qemu-user")])
    func aGenerationOfImagesBuildsAndTests(tag: String, runner: String) async throws {
        let name = home.machine.image("cross/aarch64:\(tag)")
        try configure("{ name = \"\(name)\", toolchain = [\"linux/amd64\"] }")
        let variables = try await home.linkToolchain()
        let words = ["+distribution", "test", "--target", Self.triple]
        let test = try await run("cross", words, variables)
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("it_prints_what_c_and_cpp_computed ... ok"))
        #expect(test.output.contains("it_runs_without_any_environment ... ok"))
        #expect(test.errors.contains("runner \(runner)\n"), "\(test.errors)")
        let chosen = try await run(
            "cross",
            ["+distribution", "run", "--target", Self.triple],
            variables.merging(["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": "qemu-user"]) { $1 }
        )
        #expect(chosen.errors.contains("runner qemu-user\n"), "\(chosen.errors)")
        #expect(chosen.output.contains("running on aarch64"))
    }

    @Test func whatReleasesOfTheOriginalSetAndImagesOfTodaySetIsThere() async throws {
        let variables = try await home.linkToolchain()
        let ask = ["run", "--toolchain", "distribution", "--target", Self.triple, "--"]
        let command =
            "echo $PKG_CONFIG_ALLOW_CROSS $RUST_TEST_THREADS; echo $PATH; echo $CROSS_RUST_SYSROOT; "
            + "echo $ENTERED $HOME"
        for (tag, entered) in [("0.2.5", " \(home.path)"), ("main", "yes /tmp/home")] {
            try configure("\"\(home.machine.image("cross/aarch64:\(tag)"))\"")
            let outcome = try await run("cross-util", ask + [command], variables)
            let lines = outcome.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 4, "\(outcome.errors)")
            #expect(lines[0] == "1 1")
            #expect(lines[1].hasPrefix("/usr/local/sbin:"))
            #expect(lines[1].hasSuffix(":/bin:\(lines[2])/bin"))
            #expect(lines[3] == entered.trimmingPrefix(" "))
        }
    }

    /// The published images cannot be had here, but what is built under their names is the same to us.
    @Test(arguments: [
        (":edge", "ghcr.io/cross-rs/aarch64-unknown-linux-gnu:edge"),
        ("-centos", "ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main-centos"),
        ("localhost/own", "localhost/own"), ("localhost/own:1", "localhost/own:1"),
    ])
    func aNameOfAnyKindFindsItsImage(written: String, whole: String) async throws {
        let base = home.machine.image("cross/aarch64:demo")
        try home.write("FROM \(base)\nENV NAME=\(whole)\n", to: crate.appending("Dockerfile"))
        try configure("\"\(written)\"")
        let store = ["CROSS_STORE": try SharedStore.path().string]
        let build = try await run("cross-util", ["build", "-t", whole, "."], store)
        #expect(build.code == 0, "\(build.errors)")
        let words = ["run", "--target", Self.triple, "--", "echo $NAME"]
        let outcome = try await run("cross-util", words, store)
        #expect(outcome.output == "\(whole)\n", "\(outcome.errors)")
    }

    @Test func anImageIsPulledByItsDigestAndByNoOther() async throws {
        let index = try JSONDecoder().decode(
            Index.self,
            from: Data(contentsOf: URL(filePath: home.machine.smallImage.string + "/index.json"))
        )
        let digest = try #require(index.manifests.first?.digest)
        let name = home.machine.image("small@")
        let pull = try await run("cross-util", ["pull", name + digest], [:])
        #expect(pull.code == 0, "\(pull.errors)")
        let list = try await run("cross-util", ["images"], [:])
        #expect(list.output.contains("small@\(digest)"), "\(list.output)")
        let other = "sha256:" + String(repeating: "0", count: 64)
        let wrong = try await run("cross-util", ["pull", name + other], [:])
        #expect(wrong.code == 125)
        #expect(wrong.errors.contains(other), "\(wrong.errors)")
    }

    private struct Index: Decodable {
        let manifests: [Manifest]

        struct Manifest: Decodable { let digest: String }
    }
}
