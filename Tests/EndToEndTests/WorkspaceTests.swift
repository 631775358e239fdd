// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Projects of many shapes, each of which cargo builds on the host, too.
@Suite(.serialized) struct WorkspaceTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home

    init() throws { home = try Home() }

    private func makePackage(_ path: String, _ rest: String = "", library: Bool = false) throws {
        let directory = home.path.pushing(FilePath(path))
        let name = directory.lastComponent?.string ?? ""
        try write(
            "\(path)/Cargo.toml",
            "[package]\nname = \"\(name)\"\nedition = \"2021\"\n\(rest)"
        )
        let file = library ? "lib.rs" : "main.rs"
        try write("\(path)/src/\(file)", library ? "" : "fn main() { println!(\"hello\") }")
    }

    private func write(_ path: String, _ text: String) throws {
        try home.write(text, to: home.path.pushing(FilePath(path)))
    }

    private var variables: [String: String] {
        get throws {
            [
                "CROSS_STORE": try SharedStore.path().string,
                "CARGO_BUILD_TARGET": Self.triple,
                "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE": home.machine.image(
                    "cross/aarch64:demo"
                ),
            ]
        }
    }

    private func check(
        _ directory: String,
        _ words: [String] = [],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program("cross"), "check", "--quiet"] + words,
            in: home.path.pushing(FilePath(directory)),
            environment: try variables.merging(environment) { $1 }
        )
    }

    private func expectBuilt(
        _ directory: String,
        _ words: [String] = [],
        _ environment: [String: String] = [:]
    ) async throws {
        let outcome = try await check(directory, words, environment)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
    }

    @Test func firstBuildsAtOnceShareALockFile() async throws {
        try makePackage("project")
        let check = "\(home.machine.program("cross")) check --quiet"
        let script = """
            rm -rf Cargo.lock target ~/.cache
            for number in 1 2 3 4 5; do \(check) & running+=($!); done
            for number in "${running[@]}"; do wait "$number" || failed=yes; done
            [[ -s Cargo.lock && -z $failed ]]
            """
        for _ in 0..<6 {
            let outcome = try await home.run(
                ["/bin/bash", "-c", script],
                in: home.path.appending("project"),
                environment: try variables
            )
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
    }

    @Test func whatLiesInPlaceOfALockFileIsNamed() async throws {
        try makePackage("project/Cargo.lock")
        try makePackage("project")
        let outcome = try await check("project")
        #expect(outcome.code == 125)
        #expect(outcome.errors.contains("Cargo.lock` is not a regular file"), "\(outcome.errors)")
    }

    @Test func aTargetDirectoryElsewhereLeavesNoneHere() async throws {
        try makePackage("project")
        let elsewhere = home.path.appending("elsewhere").string
        try await expectBuilt("project", ["--target-dir", elsewhere])
        #expect(!FileManager.default.fileExists(atPath: home.path.string + "/project/target"))
        #expect(FileManager.default.fileExists(atPath: elsewhere + "/CACHEDIR.TAG"))
    }

    @Test func vendoredPackagesMayLieAboveTheProject() async throws {
        try makePackage("mono/vendor/dependency", "version = \"1.0.0\"", library: true)
        try write("mono/vendor/dependency/.cargo-checksum.json", #"{"files": {}}"#)
        try makePackage("mono/project", "[dependencies]\ndependency = \"1\"")
        try write(
            "mono/.cargo/config.toml",
            """
            [source.crates-io]
            replace-with = "vendored"
            [source.vendored]
            directory = "vendor"
            """
        )
        try await expectBuilt("mono/project", ["--offline"])
        // What has anything else in it is not the project's to show.
        try write("mono/vendor/letter", "")
        try write("mono/project/src/main.rs", "fn main() {}")
        try write("mono/project/Cargo.lock", "")
        let refused = try await check("mono/project", ["--offline"])
        #expect(refused.code == 101)
        #expect(refused.errors.contains("mono/vendor"), "\(refused.errors)")
    }

    @Test func dependenciesThatAreNotChosenAreReadNevertheless() async throws {
        try makePackage("optional", library: true)
        try makePackage("windows", library: true)
        try makePackage("patch", library: true)
        try makePackage(
            "project",
            """
            [dependencies]
            optional = { path = "../optional", optional = true }
            [target.'cfg(windows)'.dependencies]
            windows = { path = "../windows" }
            [patch.crates-io]
            patch = { path = "../patch" }
            """
        )
        let built = try await home.run(["/bin/mkdir", "-p", "project/.cargo"])
        #expect(built.code == 0)
        // An unused patch is worth a warning to cargo, which --quiet keeps back.
        try await expectBuilt("project")
        try await expectBuilt("project", ["--features", "optional"])
    }

    @Test func membersMayLieBesideTheirWorkspace() async throws {
        try write("side/root/Cargo.toml", "[workspace]\nmembers = [\"../a*\"]\nresolver = \"2\"")
        try makePackage("side/app", "workspace = \"../root\"")
        try await expectBuilt("side/app")
        try await expectBuilt("side/root")
    }

    @Test func aForeignWorkspaceThatChangesIsNoticed() async throws {
        let workspace = "[workspace]\nmembers = [\"inherits\"]\n[workspace.package]\nversion = "
        try write("foreign/Cargo.toml", workspace + "\"1.2.3\"")
        try makePackage("foreign/inherits", "version.workspace = true", library: true)
        try makePackage("own", "[dependencies]\ninherits = { path = \"../foreign/inherits\" }")
        try await expectBuilt("own")
        try await expectBuilt("own")
        try write("foreign/Cargo.toml", workspace + "\"1.2.4\"")
        try await expectBuilt("own")
    }

    @Test func theManifestMayBeElsewhere() async throws {
        try makePackage("project")
        try write("elsewhere/file", "")
        let manifest = home.path.pushing(FilePath("project/Cargo.toml")).string
        try await expectBuilt("elsewhere", ["--manifest-path", manifest])
        try await expectBuilt("elsewhere", ["--manifest-path", "../project/Cargo.toml"])
        try await expectBuilt(".", ["-C", "project"])
    }

    @Test func directoriesThatTheUserNamesAreUsed() async throws {
        try makePackage("project")
        for (words, variables, name) in [
            ([], ["CARGO_TARGET_DIR": "../by-variable"], "by-variable"),
            (["--target-dir", "../by-option"], [:], "by-option"),
        ] {
            try await expectBuilt("project", words, variables)
            let made = home.path.appending(name).appending(Self.triple).string
            #expect(FileManager.default.fileExists(atPath: made))
        }
        let own = home.path.appending("by-file").string
        try write("one.toml", "build.target-dir = \"\(own)-1\"")
        try await expectBuilt("project", ["--config", "../one.toml"])
        try write("one.toml", "build.target-dir = \"\(own)-2\"")
        try await expectBuilt("project", ["--config", "../one.toml"])
        #expect(FileManager.default.fileExists(atPath: own + "-2/\(Self.triple)"))
    }

    @Test func aBuildDirectoryOfItsOwnIsKept() async throws {
        try makePackage("project")
        let directory = home.path.appending("intermediate").string
        try write("project/.cargo/config.toml", "[build]\nbuild-dir = \"\(directory)\"")
        try await expectBuilt("project")
        #expect(FileManager.default.fileExists(atPath: directory + "/\(Self.triple)"))
    }

    @Test func theCargoHomeMayBeTheProjectOrAboveIt() async throws {
        try makePackage("project")
        try await expectBuilt("project", [], ["CARGO_HOME": home.path.string])
        try await expectBuilt("project", [], ["CARGO_HOME": home.path.appending("project").string])
    }

    @Test func describingAProjectRunsNothingOfItsOnTheHost() async throws {
        try makePackage("project")
        let canary = home.path.appending("canary").string
        try write("project/wrapper", "#!/bin/sh\ntouch '\(canary)'\nexec \"$@\"\n")
        _ = try await home.run(["/bin/chmod", "+x", "project/wrapper"])
        try write("project/.cargo/config.toml", "[build]\nrustc-wrapper = \"./wrapper\"")
        try await expectBuilt("project")
        #expect(!FileManager.default.fileExists(atPath: canary))
    }
}
