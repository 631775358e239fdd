// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import cross

@Suite struct WorkspaceRootTests: ~Copyable {
    private let directory: TemporaryDirectory

    init() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            "w/Cargo.toml",
            """
            [workspace]
            members = ["crates/*", "out/in"]
            exclude = ["out"]
            [patch.crates-io]
            p = { path = "../patched" }
            """
        )
        try directory.write(
            "w/crates/a/Cargo.toml",
            """
            [package]
            name = "a"
            [dependencies]
            b = { path = "../../../beside" }
            [target.'cfg(unix)'.dev-dependencies]
            c = { path = "../b" }
            """
        )
        try directory.write("w/crates/b/Cargo.toml", "[package]\nname = \"b\"")
        try directory.write("w/out/in/Cargo.toml", "[package]\nname = \"in\"")
        try directory.write("w/out/x/Cargo.toml", "[package]\nname = \"x\"")
        try directory.write(
            "beside/Cargo.toml",
            "[package]\nworkspace = \"../w\"\n[build-dependencies]\nd = { path = \"../deep\" }"
        )
        try directory.write("deep/Cargo.toml", "[package]\nname = \"deep\"")
        try directory.write("patched/Cargo.toml", "[package]\nname = \"p\"")
        self.directory = directory
    }

    private func root(from start: String, _ arguments: [String] = []) throws -> String {
        let host = Host(
            environment: [:],
            workingDirectory: directory.path.pushing(FilePath(start)),
            userName: nil,
            home: nil
        )
        let root = try WorkspaceRoot.find(try Invocation(["build"] + arguments), host)
        return root.manifest.string.replacing(directory.path.string + "/", with: "")
    }

    @Test func aMemberLeadsToItsWorkspace() throws {
        #expect(try root(from: "w/crates/a") == "w/Cargo.toml")
        #expect(try root(from: "w/crates/a/src") == "w/Cargo.toml")
        #expect(try root(from: "w") == "w/Cargo.toml")
        #expect(try root(from: "", ["--manifest-path", "w/crates/a/Cargo.toml"]) == "w/Cargo.toml")
        #expect(try root(from: "w/crates/b") == "w/Cargo.toml")
    }

    @Test func anExcludedPackageIsItsOwn() throws {
        #expect(try root(from: "w/out/x") == "w/out/x/Cargo.toml")
        #expect(try root(from: "w/out/in") == "w/Cargo.toml")
    }

    @Test func aPackageMayPointToItsWorkspace() throws {
        #expect(try root(from: "beside") == "w/Cargo.toml")
        #expect(try root(from: "deep") == "deep/Cargo.toml")
    }

    // What the pointer names is shown to the build, so it must be a workspace.
    @Test func aPointerToNoWorkspaceIsRefused() throws {
        try directory.write("lost/Cargo.toml", "[package]\nworkspace = \"../deep\"")
        #expect(throws: WorkspaceError.self) { try root(from: "lost") }
    }

    @Test func noManifestIsAnErrorThatNamesWhereWasLooked() throws {
        let start = directory.path.appending("nowhere")
        let host = Host(environment: [:], workingDirectory: start, userName: nil, home: nil)
        #expect(throws: WorkspaceError.noManifest(start)) {
            try WorkspaceRoot.find(try Invocation(["build"]), host)
        }
    }

    @Test func packagesOutsideTheWorkspaceAreFoundHoweverDeep() throws {
        let manifest = directory.path.pushing(FilePath("w/Cargo.toml"))
        let root = WorkspaceRoot(package: manifest, manifest: manifest)
        let names = try root.pathDependencies(overrides: []).compactMap { $0.lastComponent?.string }
        #expect(names.sorted() == ["beside", "deep", "patched"])
    }

    @Test func aMemberIsFoundWhateverTheNameOfTheWorkspacesDirectory() throws {
        try directory.write("v[1] *'/Cargo.toml", "[workspace]\nmembers = [\"m\"]")
        let member = "[package]\nname = \"m\"\n[dependencies]\nd = { path = \"../../deep\" }"
        try directory.write("v[1] *'/m/Cargo.toml", member)
        let manifest = directory.path.pushing("v[1] *'/Cargo.toml")
        let root = WorkspaceRoot(package: manifest, manifest: manifest)
        #expect(try root.pathDependencies(overrides: []) == [directory.path.appending("deep")])
    }
}
