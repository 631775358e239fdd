// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A toolchain of the host's in an image that has no Rust.
@Suite(.serialized) struct ToolchainTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try home.crate(image: home.machine.image("cross/aarch64:norust"))
        self.home = home
    }

    @Test func aLinkedToolchainBuildsAndTests() async throws {
        let variables = try await home.linkToolchain()
        let cross = home.machine.program("cross")
        let build = try await home.run(
            [cross, "+distribution", "build", "--target", Self.triple],
            in: crate,
            environment: variables
        )
        #expect(build.code == 0, "\(build.errors)")
        let test = try await home.run(
            [cross, "+distribution", "test", "--target", Self.triple],
            in: crate,
            environment: variables
        )
        #expect(test.code == 0, "\(test.output)\(test.errors)")
        #expect(test.output.contains("it_prints_what_c_and_cpp_computed ... ok"))
    }

    @Test func neitherImageNorHostHavingCargoIsAnError() async throws {
        let build = try await home.runSharing(
            "cross",
            ["build", "--target", Self.triple],
            in: crate
        )
        #expect(build.code == 125)
        #expect(build.errors.contains("no cargo"), "\(build.errors)")
    }

    @Test func aToolchainThatDoesNotCountIsSaid() async throws {
        let image = home.machine.image("cross/aarch64:demo")
        try home.write(
            "[target.\(Self.triple)]\nimage = \"\(image)\"\n",
            to: crate.appending("Cross.toml")
        )
        let check = ["check", "--target", Self.triple]
        let named = try await home.runSharing("cross", ["+nightly"] + check, in: crate)
        #expect(named.code == 125)
        #expect(named.errors.contains("no Rust on this machine to take `+nightly` from"))
        let variable = try await home.runSharing(
            "cross",
            check,
            in: crate,
            ["RUSTUP_TOOLCHAIN": "nightly"]
        )
        #expect(variable.code == 0, "\(variable.errors)")
        #expect(variable.errors.contains("note: `RUSTUP_TOOLCHAIN=nightly` does not count"))
        try home.write("", to: crate.appending("rust-toolchain"))
        let pinned = try await home.runSharing("cross", check, in: crate)
        #expect(pinned.code == 0, "\(pinned.errors)")
        #expect(pinned.errors.contains("note: `\(crate)/rust-toolchain` does not count"))
    }
}
