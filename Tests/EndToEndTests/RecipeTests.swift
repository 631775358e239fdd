// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Root filesystems made from Debian packages, without a registry and without Rust on the machine.
@Suite(.serialized) struct RecipeTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        let crate = try home.crate(image: "localhost/never:asked")
        try home.write("[build]\nrootfs = \"debian\"\n", to: crate.appending("Cross.toml"))
        self.home = home
        self.crate = crate
    }

    private func cross(
        _ words: [String],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await home.runSharing(
            "cross",
            words + ["--target", Self.triple],
            in: crate,
            environment
        )
    }

    private func write(_ name: String, _ text: String) throws {
        try home.write(text, to: crate.pushing(FilePath(name)))
    }

    private var lock: String {
        get throws {
            try String(contentsOfFile: crate.appending("Cross.lock").string, encoding: .utf8)
        }
    }

    /// The one root filesystem of a store that a test has for itself.
    private func rootfs(of store: FilePath) throws -> FilePath {
        let directory = store.appending("rootfs")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.string)
        #expect(names.count == 1)
        return directory.appending(try #require(names.first))
    }

    @Test func aCrateIsBuiltRunAndTested() async throws {
        let build = try await cross(["build"])
        #expect(build.code == 0, "\(build.errors)")
        #expect(build.output.isEmpty)
        let run = try await cross(["run", "--quiet"])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("running on aarch64"), "\(run.output)")
        #expect(run.errors.isEmpty)
        let test = try await cross(["test"])
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("it_runs_without_any_environment ... ok"))
        #expect(try lock.contains("\"libstd-rust-web-dev "))
        let owner = try await home.run(["/usr/bin/stat", "-c", "%U", "Cross.lock"], in: crate)
        #expect(owner.output == "\(home.machine.user)\n")
    }

    @Test func aSecondBuildSaysNothingAndConnectsToNothing() async throws {
        _ = try await cross(["build"])
        let trace = home.path.appending("trace")
        let second = try await home.run(
            ["/usr/bin/strace", "-f", "-e", "trace=connect,execve", "-o", trace.string]
                + [home.machine.program("cross"), "build", "--locked", "--target", Self.triple],
            in: crate,
            environment: ["CROSS_STORE": try SharedStore.path().string]
        )
        #expect(second.code == 0, "\(second.errors)")
        #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
        let calls = try String(contentsOfFile: trace.string, encoding: .utf8)
        #expect(!calls.contains("connect("), "\(calls)")
        #expect(!calls.contains("cross-fetch"))
    }

    @Test func packagesOfTheUsersAreForTheTarget() async throws {
        try write(
            "Cross.toml",
            """
            [build]
            rootfs = "debian"
            [target.\(Self.triple)]
            packages = ["zlib1g-dev:$CROSS_DEB_ARCH"]
            """
        )
        try write(
            "build.rs",
            """
            fn main() {
                let found = std::process::Command::new("pkg-config")
                    .env("PKG_CONFIG_LIBDIR", std::env::var("PKG_CONFIG_LIBDIR_aarch64_unknown_linux_gnu").unwrap())
                    .args(["--libs", "--cflags", "zlib"]).status().unwrap();
                assert!(found.success());
                println!("cargo:rustc-link-lib=z");
            }
            """
        )
        try write(
            "src/main.rs",
            """
            use std::ffi::{c_char, CStr};
            extern "C" { fn zlibVersion() -> *const c_char; }
            fn main() {
                let version = unsafe { CStr::from_ptr(zlibVersion()) };
                println!("zlib {} on {}", version.to_str().unwrap(), std::env::consts::ARCH);
            }
            """
        )
        try? FileManager.default.removeItem(atPath: crate.appending("src/lib.rs").string)
        try? FileManager.default.removeItem(atPath: crate.appending("tests").string)
        let run = try await cross(["run", "--quiet"])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("zlib 1.") && run.output.hasSuffix("on aarch64\n"))
    }

    @Test func theSameLockMakesTheSameTree() async throws {
        _ = try await cross(["build"])
        let before = try lock
        var digests: [String] = []
        for name in ["one", "two"] {
            let store = home.path.appending(name)
            let again = try await cross(["build", "--locked"], ["CROSS_STORE": store.string])
            #expect(again.code == 0, "\(again.errors)")
            digests.append(try await Tree.digest(try rootfs(of: store)))
        }
        #expect(digests.count == 2 && digests[0] == digests[1])
        #expect(try lock == before)
    }

    @Test func withoutALockNothingIsResolvedForALockedBuild() async throws {
        let build = try await cross(["build", "--locked"])
        #expect(build.code == 125)
        #expect(build.errors.hasPrefix("error: Cross.lock does not say"), "\(build.errors)")
        #expect(!FileManager.default.fileExists(atPath: crate.appending("Cross.lock").string))
    }

    @Test func offlineThereIsOnlyTheStore() async throws {
        let empty = ["CROSS_STORE": home.store.string]
        let refused = try await cross(["build", "--offline"], empty)
        #expect(refused.code == 125)
        #expect(refused.errors.contains("is not in the store"), "\(refused.errors)")
        _ = try await cross(["build"])
        let build = try await cross(["build", "--offline"])
        #expect(build.code == 0, "\(build.errors)")
    }

    @Test func aRegistryThatDoesNotAnswerIsNoLoss() async throws {
        let image = ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE": "localhost:1/none:1"]
        let build = try await cross(
            ["build"],
            image.merging(["CROSS_BUILD_ROOTFS": "image"]) { $1 }
        )
        #expect(build.code == 125)
        #expect(build.errors.contains("CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_ROOTFS=debian"))
    }

    @Test func anUnknownPackageAndAnUnknownKeyringAreErrorsOfOurs() async throws {
        let package = try await cross(
            ["build"],
            ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_PACKAGES": "libsssl-dev"]
        )
        #expect(package.code == 125)
        #expect(package.errors.contains("libsssl-dev"), "\(package.errors)")
        let keyring = try await cross(
            ["build"],
            ["CROSS_STORE": home.store.string, "CROSS_BUILD_DEBIAN_KEYRING": "/nowhere.gpg"]
        )
        #expect(keyring.code == 125)
        #expect(keyring.errors.contains("/nowhere.gpg"), "\(keyring.errors)")
    }
}
