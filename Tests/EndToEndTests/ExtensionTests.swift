// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What builds can do here that they cannot with cross-rs.
@Suite(.serialized) struct ExtensionTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        let crate = home.path.appending("crate")
        try home.write(
            "[package]\nname = \"small\"\nedition = \"2021\"\n",
            to: crate.appending("Cargo.toml")
        )
        self.home = home
        self.crate = crate
    }

    private func write(_ name: String, _ text: String) throws {
        try home.write(text, to: crate.pushing(FilePath(name)))
    }

    private func configure(_ build: String = "") throws {
        let image = home.machine.image("cross/aarch64:demo")
        try write(
            "Cross.toml",
            "[build]\n\(build)\n[target.\(Self.triple)]\nimage = \"\(image)\"\n"
        )
    }

    private func run(
        _ words: [String],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        let variables = [
            "CROSS_STORE": try SharedStore.path().string, "CARGO_BUILD_TARGET": Self.triple,
            "PATH": "\(home.machine.programs):/usr/bin:/bin",
        ]
        return try await home.run(
            words,
            in: crate,
            environment: variables.merging(environment) { $1 }
        )
    }

    @Test func aProgramReadsWhatTheUserPipes() async throws {
        try configure()
        try write(
            "src/main.rs",
            """
            fn main() { std::io::copy(&mut std::io::stdin(), &mut std::io::stdout()).unwrap(); }
            """
        )
        let piped = try await run(["/bin/sh", "-c", "echo from outside | cross run --quiet"])
        #expect(piped.output == "from outside\n", "\(piped.errors)")
    }

    @Test func theTargetDirectoryMayBeALinkToElsewhere() async throws {
        try configure()
        try write("src/main.rs", "fn main() { println!(\"built\") }\n")
        let words = ["/bin/sh", "-c", "mkdir ../elsewhere && ln -s ../elsewhere target"]
        #expect(try await run(words).code == 0)
        let outcome = try await run(["/usr/bin/env", "cross", "run", "--quiet"])
        #expect(outcome.output == "built\n", "\(outcome.errors)")
        // What cargo made there is known again.
        let again = try await run(["/usr/bin/env", "cross", "run", "--quiet"])
        #expect(again.output == "built\n", "\(again.errors)")
        let artifact = home.path.pushing(FilePath("elsewhere/\(Self.triple)/debug/small")).string
        #expect(FileManager.default.isExecutableFile(atPath: artifact))
    }

    @Test func anotherProgramOfCargosRunsInsideWithTheTarget() async throws {
        try write("src/main.rs", "fn main() {}\n")
        let program =
            #"printf '#!/bin/sh\necho "$@ in $CARGO_TARGET_DIR"\n' >/usr/bin/cargo-extra"#
        try configure(
            """
            subcommands = ["extra"]
            pre-build = ['''\(program)''', "chmod +x /usr/bin/cargo-extra"]
            """
        )
        let outcome = try await run(["/usr/bin/env", "cross", "extra", "--", "-x"])
        #expect(
            outcome.output == "extra --target \(Self.triple) -- -x in /target\n",
            "\(outcome.errors)"
        )
    }

    @Test func compiledOnceIsCompiledForTheNextBuildToo() async throws {
        try write("src/lib.rs", "pub fn answer() -> u8 { 42 }\n")
        try write(
            "Cross.toml",
            "[build]\nrootfs = \"debian\"\nsccache = true\npackages = [\"sccache\"]\n"
        )
        let cache = ["SCCACHE_DIR": home.path.appending("compiled").string]
        let first = try await run(["/usr/bin/env", "cross", "build", "--release"], cache)
        #expect(first.code == 0, "\(first.errors)")
        try FileManager.default.removeItem(atPath: crate.appending("target").string)
        let command = "cargo build --release --target \(Self.triple) && sccache --show-stats"
        let words = ["/usr/bin/env", "cross-util", "run", "--", command]
        let second = try await run(words, cache)
        #expect(second.code == 0, "\(second.errors)")
        let hits = second.output.split(separator: "\n").first { $0.hasPrefix("Cache hits (Rust)") }
        #expect(hits?.split(separator: " ").last == "1", "\(second.output)")
    }
}
