// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import Foundation
import OCIStore
import SystemPackage
import Testing

@testable import cross

/// A small root filesystem and a context to build Dockerfiles with.
struct BuildGround: ~Copyable {
    let steps: StepGround
    let context: FilePath

    init() throws {
        let steps = try StepGround()
        let context = steps.directory.path.appending("context")
        for name in ["src", "src/bin", "target"] {
            try FileManager.default.createDirectory(
                atPath: context.pushing(FilePath(name)).string,
                withIntermediateDirectories: true
            )
        }
        let project = [
            ("src/lib.rs", "lib"), ("src/bin/x.rs", "x"), ("target/big", "big"),
            (".dockerignore", "target\n"),
        ]
        for (name, text) in project {
            try Self.write(Array(text.utf8), to: context.pushing(FilePath(name)), mode: 0o644)
        }
        let script = Array("#!/bin/sh\necho run $1\n".utf8)
        try Self.write(script, to: context.appending("run.sh"), mode: 0o755)
        self.steps = steps
        self.context = context
    }

    private static func write(_ bytes: [UInt8], to path: FilePath, mode: Int) throws {
        try Data(bytes).write(to: URL(filePath: path.string))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path.string)
    }

    /// Writes a file of the context.
    func file(_ name: String, _ text: String, mode: Int = 0o644) throws {
        try file(name, Array(text.utf8), mode: mode)
    }

    func file(_ name: String, _ bytes: [UInt8], mode: Int = 0o644) throws {
        try Self.write(bytes, to: context.pushing(FilePath(name)), mode: mode)
    }

    func build(
        _ text: String,
        target: String? = nil,
        _ arguments: [String: String] = [:],
        secrets: [String: [UInt8]] = [:],
        isOffline: Bool = false
    ) throws -> BuiltImage {
        let dockerfile = steps.directory.path.appending("Dockerfile")
        try text.write(toFile: dockerfile.string, atomically: true, encoding: .utf8)
        let base = steps.base
        let runner = try steps.runner(isOffline: isOffline)
        return try ImageBuild(
            file: dockerfile,
            context: context,
            target: target,
            arguments: BuildArguments(arguments, baseImage: "base", debianArchitecture: "arm64"),
            secrets: secrets,
            steps: runner,
            add: { try Self.fetch($0, in: runner) }
        ) { _ in
            BuiltImage(
                record: base,
                configuration: ImageConfiguration(environment: ["PATH=/bin", "FROM_BASE=1"])
            )
        }.image()
    }

    func content(_ image: BuiltImage, _ name: String) throws -> String {
        try steps.content(try #require(image.record), name)
    }

    func exists(_ image: BuiltImage, _ name: String) throws -> Bool {
        let tree = try steps.store.materialise(try #require(image.record).layers)
        return FileManager.default.fileExists(atPath: tree.path.pushing(FilePath(name)).string)
    }

    func mode(_ image: BuiltImage, _ name: String) throws -> Int? {
        let tree = try steps.store.materialise(try #require(image.record).layers)
        let path = tree.path.pushing(FilePath(name)).string
        return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    func refusal(_ text: String) throws -> BuildError? {
        do {
            _ = try build(text)
            return nil
        } catch let error as BuildError {
            return error
        }
    }

    /// The place of an instruction in the Dockerfile that was built last.
    func place(_ line: Int) -> DockerfilePlace {
        DockerfilePlace(
            file: steps.directory.path.appending("Dockerfile"),
            location: .init(line: line, column: 1)
        )
    }

    /// Has `cross-fetch` do it, which the package builds into one directory with the test bundle.
    ///
    /// Not as `cross` does it, which waits for tasks on a thread that tests need for those.
    private static func fetch(_ request: AddRequest, in steps: StepRunner) throws {
        let arguments = Swift.CommandLine.arguments
        let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
        let program = FilePath(bundle).removingLastComponent().appending("cross-fetch")
        let process = Process()
        process.executableURL = URL(filePath: program.string)
        process.arguments = Fetch(.add(request)).arguments(steps.console)
        process.environment = steps.host.environment
        process.standardError = FileHandle.nullDevice
        let input = Pipe()
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw FetchError.failed(process.terminationStatus)
        }
    }
}
