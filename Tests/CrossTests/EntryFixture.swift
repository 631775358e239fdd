// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Sandbox
import SystemPackage

@testable import cross

/// A user with a project, a toolchain and a store with one root filesystem, all in one directory.
struct EntryFixture: ~Copyable {
    static let triple = "aarch64-unknown-linux-gnu"
    private static let hex = String(repeating: "ab", count: 32)
    /// The root filesystem, below `directory`.
    static let root = "store/rootfs/\(hex)"

    let directory: TemporaryDirectory
    private let chainID: Digest

    init() throws {
        let directory = try TemporaryDirectory()
        let chainID = try Digest("sha256:\(Self.hex)")
        try directory.write("home/project/Cargo.toml", "[package]\nname = \"p\"")
        try directory.write("home/toolchain/lib/rustlib/\(Self.triple)/lib/x", "")
        _ = try Store(at: directory.path.appending("store"))
        try directory.write("\(Self.root)/usr/bin/env", "")
        self.chainID = chainID
        self.directory = directory
    }

    var home: FilePath { directory.path.appending("home") }
    var project: FilePath { home.appending("project") }
    var toolchain: FilePath { home.appending("toolchain") }

    /// What a build would see.
    ///
    /// - Parameters:
    ///   - arguments: after `cross`.
    ///   - toml: of the project's `Cross.toml`.
    ///   - variables: of the user's environment, besides `HOME` and `PATH`.
    ///   - foreign: the names of those that are not UTF-8.
    ///   - image: variables of the image, besides `PATH`.
    ///   - packages: directories of packages that cargo says are on disk, besides the project.
    ///   - buildDirectory: cargo's `build.build-dir`.
    ///   - place: where the user stands; without it in the project.
    ///   - emulator: the version of the image's emulator; without it there is none.
    ///   - hasMachine: whether there is what boots a machine.
    /// - Returns: the whole sandbox.
    /// - Throws: what the configuration makes it throw.
    func spec(
        _ arguments: [String] = ["build"],
        toml: String = "",
        variables: [String: String] = [:],
        foreign: Set<String> = [],
        image: [String: String] = [:],
        packages: [FilePath] = [],
        buildDirectory: FilePath? = nil,
        standingIn place: FilePath? = nil,
        emulator: String? = nil,
        hasMachine: Bool = false
    ) throws -> SandboxSpec {
        var entry = try entry(arguments, toml, variables, foreign, place)
        entry.threadedEmulators = ["10.0"]
        if let emulator {
            try directory.writeProgram(
                "\(Self.root)/usr/bin/qemu-aarch64",
                "\u{7f}ELF\0usage\0qemu-aarch64 version \(emulator) (Debian)\0"
            )
        }
        if hasMachine {
            try directory.writeProgram(
                "\(Self.root)/usr/bin/qemu-system-runner",
                "#!/bin/sh\n"
            )
        }
        let rootfs = try rootfs(["PATH": "/usr/bin:/bin"].merging(image) { $1 })
        entry.leaveOutAbsentWrappers(rootfs)
        try entry.prepare(rootfs)
        return try entry.spec(rootfs, try workspace(packages, buildDirectory))
    }

    /// What a user is told of variables that replace the image's.
    func replacedVariables(variables: [String: String], image: [String: String]) throws -> [String]
    {
        try entry(["build"], "", variables).replacedVariables(try rootfs(image))
    }

    private func entry(
        _ arguments: [String],
        _ toml: String,
        _ variables: [String: String],
        _ foreign: Set<String> = [],
        _ place: FilePath? = nil
    ) throws -> Entry {
        let host = Host(
            environment: ["HOME": home.string, "PATH": "/nowhere"].merging(variables) { $1 },
            workingDirectory: place ?? project,
            userName: "me",
            home: home,
            foreignVariables: foreign
        )
        try directory.write("home/project/Cross.toml", toml)
        let invocation = try Invocation(arguments)
        let manifest = project.appending("Cargo.toml")
        let root = WorkspaceRoot(package: manifest, manifest: manifest)
        let configuration = try Configuration.load(root, host)
        return Entry(
            invocation: invocation,
            host: host,
            configuration: configuration,
            target: try Target(invocation.target ?? Self.triple),
            root: root,
            toolchain: .host(
                HostToolchain(
                    sysroot: toolchain.string,
                    version: RustVersion(major: 1, minor: 96, patch: 2)
                )
            ),
            cargoHome: try CargoHome(host),
            containerOptions: try ContainerOptions(host)
        )
    }

    private func rootfs(_ environment: [String: String]) throws -> Rootfs {
        let store = try Store(at: directory.path.appending("store"))
        guard let lease = try store.rootfs(chainID) else { throw FetchError.notStored("fixture") }
        return Rootfs(
            name: "the image of a test",
            layers: [],
            chainID: chainID,
            environment: environment,
            lease: lease
        )
    }

    private func workspace(_ packages: [FilePath], _ buildDirectory: FilePath?) throws -> Workspace
    {
        let list = ([project] + packages).map {
            "{\"source\": null, \"manifest_path\": \"\($0)/Cargo.toml\"}"
        }
        let build = buildDirectory.map { "\"\($0)\"" } ?? "null"
        let json = """
            {"workspace_root": "\(project)", "target_directory": "\(project)/target",
            "build_directory": \(build), "packages": [\(list.joined(separator: ", "))]}
            """
        return try Workspace(metadata: Array(json.utf8))
    }
}

extension SandboxSpec {
    /// A variable that the build sees.
    func variable(_ name: String) -> String? {
        environment.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// The mount at a place; of several the last.
    func mount(_ target: FilePath) -> Mount.Kind? {
        mounts.last { $0.target == target }?.kind
    }
}
