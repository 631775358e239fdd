// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A small root filesystem, the host files around it, and a program to enter it with.
///
///     root/bin/busybox, sh, …     what a test runs inside
///     project/file, target/       what a test mounts
struct Ground: ~Copyable {
    struct Result {
        let status: CInt
        let output: String
        let errors: String
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    let directory: TemporaryDirectory
    var root: FilePath { directory.path.appending("root") }
    var project: FilePath { directory.path.appending("project") }

    init() throws {
        // nohup(1) and background jobs of a shell ignore some, and what is ignored stays so inside.
        for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { signal(number, SIG_DFL) }
        let directory = try TemporaryDirectory()
        try Self.fill(directory.path.appending("root"))
        try directory.path.appending("project/target").makeDirectory()
        try directory.path.appending("project/file").write("source\n")
        self.directory = directory
    }

    private static func fill(_ root: FilePath) throws {
        try root.appending("bin").makeDirectory()
        try #require(
            FileManager.default.fileExists(atPath: "/bin/busybox"),
            "the tests need busybox-static"
        )
        try FileManager.default.copyItem(
            atPath: "/bin/busybox",
            toPath: root.appending("bin/busybox").string
        )
        let applets = [
            "cat", "chmod", "chown", "env", "grep", "id", "kill", "ls", "mkdir", "mknod", "mv",
            "pwd",
            "readlink", "rm", "setsid", "sh", "sleep", "stat", "su", "touch", "true", "uname",
        ]
        for name in applets { try root.appending("bin/\(name)").link(to: "busybox") }
    }

    /// The directory that the test's own executables were built into.
    static var products: FilePath {
        FilePath(Bundle.main.executablePath ?? "").removingLastComponent().products
    }

    /// The arguments of a runner that enters the root.
    func runner(_ options: [String], _ command: [String]) -> [String] {
        [Self.products.appending("sandbox-runner").string, "--root", root.string]
            + ["--env", "PATH=/bin"] + options + ["--"] + command
    }

    /// Starts a command inside.
    func start(
        _ options: [String] = [],
        _ command: [String],
        with spawn: Spawned.Options = Spawned.Options()
    ) throws -> Spawned {
        try Spawned(runner(options, command), in: directory.path, options: spawn)
    }

    /// Runs a command inside to its end.
    func run(
        _ options: [String] = [],
        _ command: [String],
        with spawn: Spawned.Options = Spawned.Options()
    ) throws -> Result {
        var process = try start(options, command, with: spawn)
        let status = process.wait()
        return Result(
            status: status,
            output: process.standardOutput,
            errors: process.standardError
        )
    }

    /// Runs a shell script inside to its end.
    func shell(_ script: String, _ options: [String] = []) throws -> Result {
        try run(options, ["sh", "-c", script])
    }

    /// Runs the intruder; what came of each attempt.
    func intrude(
        _ arguments: [String] = [],
        options: [String] = []
    ) throws -> [String: String] {
        let result = try runHostProgram(
            "sandbox-intruder",
            arguments,
            options: ["--ro", project.string, "/project"] + options
        )
        #expect(result.status == 0, "\(result.errors)")
        let pairs = result.lines.map { $0.split(separator: " ").map(String.init) }
        return Dictionary(pairs.map { ($0[0], $0[1]) }) { _, last in last }
    }

    /// Runs one of the test's own programs inside, with the libraries of the host's that it is linked to.
    func runHostProgram(
        _ name: String,
        _ arguments: [String] = [],
        options: [String] = []
    ) throws -> Result {
        let maps = FilePath("/proc/self/maps").text().split(separator: "\n")
        let library = try #require(maps.first { $0.hasSuffix("/libswiftCore.so") })
        let swift = FilePath("/" + library.split(separator: "/", maxSplits: 1)[1])
            .removingLastComponent().string
        let libraries = ["/usr", "/lib", "/lib64"].flatMap { ["--ro", $0, $0] }
        return try run(
            libraries + ["--ro", swift, swift, "--ro", Self.products.string, "/products"] + options,
            ["/products/\(name)"] + arguments
        )
    }
}

extension FilePath {
    /// The directory of the executables: this, or the one around a test bundle.
    fileprivate var products: FilePath {
        FileManager.default.isExecutableFile(atPath: appending("sandbox-runner").string)
            ? self : FilePath(CommandLine.arguments[0]).removingLastComponent()
    }
}
