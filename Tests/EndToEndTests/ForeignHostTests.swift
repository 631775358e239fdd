// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import RootfsRecipe
import SystemPackage
import Testing

/// A root filesystem for a machine of another architecture, made here and entered under emulation.
@Suite(.serialized) struct ForeignHostTests: ~Copyable {
    /// Source: qemu, scripts/qemu-binfmt-conf.sh, aarch64.
    private static let magic = "7f454c460201010000000000000000000200b700"
    private static let mask = "ffffffffffffff00fffffffffffffffffeffffff"

    private let home: Home

    init() throws {
        home = try Home()
    }

    @Test func aRootFilesystemForArm64CompilesAndRunsRust() async throws {
        let recipe = Recipe(
            platform: Platform(os: "linux", architecture: "arm64"),
            suite: "bookworm",
            packages: ["gcc", "libc6-dev", "rustc-web", "cargo-web"],
            additions: [.init(suite: "trixie", packages: ["qemu-user:amd64"])]
        )
        let request = home.path.appending("request.json")
        try JSONEncoder().encode(RecipeRequest(recipe: recipe))
            .write(to: URL(filePath: request.string))
        try home.give(request)
        let store = try SharedStore.path()
        let fetch = try await home.run(
            ["/bin/sh", "-c", "exec \"$0\" recipe <\"$1\""]
                + [home.machine.program("cross-fetch"), request.string],
            environment: ["CROSS_STORE": store.string]
        )
        #expect(fetch.code == 0, "\(fetch.errors)")

        // The store is the user's, and no other user opens it as one.
        let file = store.appending("recipes").appending("\(recipe.digest.hex).json")
        let record = try JSONDecoder().decode(
            RecipeRecord.self,
            from: try Data(contentsOf: URL(filePath: file.string))
        )
        let root = store.appending("rootfs").appending(record.chainID.hex)
        let program = """
            uname -m
            cat > /tmp/x.rs <<'RUST'
            fn main() { println!("{} {}", std::env::consts::ARCH, "compiled here") }
            RUST
            rustc -o /tmp/x /tmp/x.rs && /tmp/x
            """
        let run = try await home.run(
            [
                home.machine.sandboxRunner, "--root", root.string, "--tmp", "/tmp",
                "--env", "PATH=/usr/bin:/bin",
                "--format", "aarch64", Self.magic, Self.mask, "/usr/bin/qemu-aarch64",
                "--", "/bin/sh", "-c", program,
            ]
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output == "aarch64\naarch64 compiled here\n", "\(run.output)")
    }
}
