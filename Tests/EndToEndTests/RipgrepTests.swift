// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A program that nobody here wrote: ripgrep, with some sixty crates, for aarch64.
@Suite(.serialized) struct RipgrepTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        guard let source = ProcessInfo.processInfo.environment["CROSS_TEST_RIPGREP"] else {
            throw NotPrepared(missing: "CROSS_TEST_RIPGREP")
        }
        let home = try Home()
        let crate = home.path.appending("ripgrep")
        try FileManager.default.copyItem(atPath: source, toPath: crate.string)
        let settings = """
            [target.\(Self.triple)]
            image = "\(home.machine.image("cross/aarch64:demo"))"
            """
        try home.give(crate)
        try home.write(settings, to: crate.appending("Cross.toml"))
        self.home = home
        self.crate = crate
    }

    private func cross(_ words: String...) async throws -> Outcome {
        try await home.runSharing("cross", words + ["--target", Self.triple], in: crate)
    }

    @Test func itIsBuiltAndItsUnitTestsPassAndItSearches() async throws {
        let build = try await cross("build")
        #expect(build.code == 0, "\(build.errors)")
        let test = try await cross("test", "--bins", "--workspace")
        #expect(test.code == 0, "\(test.output)\(test.errors)")
        #expect(test.output.contains("test result: ok"))

        let program = crate.pushing(FilePath("target/\(Self.triple)/debug/rg"))
        let file = try await home.run(["/usr/bin/file", program.string])
        #expect(file.output.contains("ELF 64-bit LSB") && file.output.contains("ARM aarch64"))

        let search = try await home.runSharing(
            "cross",
            ["run", "--quiet", "--target", Self.triple]
                + ["--", "--count", "^name = \"ripgrep\"$", "Cargo.toml"],
            in: crate
        )
        #expect(search.output == "1\n", "\(search.output)\(search.errors)")
    }
}
