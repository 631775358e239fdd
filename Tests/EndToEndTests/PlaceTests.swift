// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// One workspace, built and run from wherever a user may stand.
///
/// Its members are found by a pattern, one directory is excluded, and of its path dependencies one is
/// optional and one lies outside.
@Suite(.serialized) struct PlaceTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home

    init() throws { home = try Home() }

    private func makeWorkspace() throws {
        try write(
            "above/workspace/Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/excluded\"]\nresolver = \"2\""
        )
        try write(
            "above/workspace/Cross.toml",
            """
            [build.env]
            passthrough = ["SETTING=counted"]
            [target.\(Self.triple)]
            image = "\(home.machine.image("cross/aarch64:demo"))"
            """
        )
        try makePackage(
            "above/workspace/crates/app",
            """
            default-run = "app"
            [features]
            beside = []
            [dependencies]
            member = { path = "../member" }
            outside = { path = "../../../outside" }
            optional = { path = "../../optional", optional = true }
            """
        )
        try write("above/workspace/crates/app/src/main.rs", Self.program)
        for name in ["workspace/crates/member", "workspace/optional", "outside"] {
            try makePackage("above/\(name)")
            let answer = "pub fn name() -> &'static str { env!(\"CARGO_PKG_NAME\") }"
            try write("above/\(name)/src/lib.rs", answer)
        }
        // What a pattern matches and is no package must do no harm.
        try write("above/workspace/crates/excluded/Cargo.toml", "this is no manifest")
        try write("above/workspace/notes/today/text", "")
        try write("above/beside.txt", "beside")
    }

    /// Says what it was linked with; with the feature `beside` also what stands above the workspace.
    private static let program = """
        #[cfg(feature = "optional")]
        use optional::name as optional;
        #[cfg(not(feature = "optional"))]
        fn optional() -> &'static str { "-" }
        #[cfg(feature = "beside")]
        const BESIDE: &str = include_str!("../../../../beside.txt");
        #[cfg(not(feature = "beside"))]
        const BESIDE: &str = "-";

        fn main() {
            let architecture = std::env::consts::ARCH;
            println!("{} {} {} {BESIDE} {architecture} {}", member::name(), outside::name(), optional(), env!("SETTING"));
        }
        """

    private func makePackage(_ path: String, _ rest: String = "") throws {
        let name = FilePath(path).lastComponent?.string ?? ""
        let text = "[package]\nname = \"\(name)\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\(rest)"
        try write("\(path)/Cargo.toml", text)
    }

    private func write(_ path: String, _ text: String) throws {
        try home.write(text, to: home.path.pushing(FilePath(path)))
    }

    private func run(_ words: [String], from directory: String) async throws -> Outcome {
        try await home.runSharing(
            "cross",
            ["run", "--quiet", "--target", Self.triple] + words,
            in: home.path.pushing(FilePath(directory))
        )
    }

    @Test func itIsBuiltAndRunFromAllFourPlaces() async throws {
        try makeWorkspace()
        for (place, words) in [
            ("above", ["--manifest-path", "workspace/crates/app/Cargo.toml"]),
            ("above/workspace", []), ("above/workspace/notes/today", []),
            ("above/workspace/crates/app", []),
        ] {
            let plain = try await run(words, from: place)
            #expect(plain.code == 0, "\(place): \(plain.errors)")
            #expect(plain.output == "member outside - - aarch64 counted\n")
            #expect(plain.errors.isEmpty)
            let more = try await run(words + ["--features", "app/optional"], from: place)
            #expect(more.output == "member outside optional - aarch64 counted\n", "\(more.errors)")
        }
        let made = try FileManager.default.subpathsOfDirectory(atPath: home.path.string)
            .filter { $0.hasSuffix("/target") }
        #expect(made == ["above/workspace/target"])
    }

    // As with the original, the working directory is the project where it is above the workspace.
    @Test func whatLiesAboveTheWorkspaceIsThereForWhoStandsAbove() async throws {
        try makeWorkspace()
        let words = ["--manifest-path", "workspace/crates/app/Cargo.toml", "--features", "beside"]
        let above = try await run(words, from: "above")
        #expect(above.output == "member outside - beside aarch64 counted\n", "\(above.errors)")
        let at = try await run(
            ["--package", "app", "--features", "app/beside"],
            from: "above/workspace"
        )
        #expect(at.code == 101)
        #expect(at.errors.contains("beside.txt"))
    }

    @Test func anExcludedPackageIsAProjectOfItsOwn() async throws {
        try makeWorkspace()
        try makePackage("above/workspace/crates/excluded")
        try write(
            "above/workspace/crates/excluded/src/main.rs",
            "fn main() { println!(\"alone\") }"
        )
        let image = home.machine.image("cross/aarch64:demo")
        let settings = "[target.\(Self.triple)]\nimage = \"\(image)\""
        try write("above/workspace/crates/excluded/Cross.toml", settings)
        let alone = try await run([], from: "above/workspace/crates/excluded")
        #expect(alone.output == "alone\n", "\(alone.errors)")
        let target = home.path.pushing("above/workspace/crates/excluded/target").string
        #expect(FileManager.default.fileExists(atPath: target))
    }
}
