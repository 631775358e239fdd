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
}
