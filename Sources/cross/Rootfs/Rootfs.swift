// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

/// A root filesystem of the store, held so that nobody prunes it, and how its programs are run.
struct Rootfs: ~Copyable {
    /// What it is, in a sentence: `the image …`.
    let name: String
    /// The keys of its layers, from the bottom up.
    let layers: [Digest]
    /// Stands for all that is in it.
    let chainID: Digest
    /// What programs in it are to see, by name.
    let environment: [String: String]
    /// The program that wraps every command.
    let entrypoint: [String]
    /// The command in front of programs for the target, where it is not just the emulator.
    let runner: String?
    /// The crates of the standard library that it has only the source of.
    let buildStd: [String]?
    /// Where steps that prepare it start.
    let workingDirectory: String
    /// Where its packages come from; `nil` where it is not made of packages.
    let mirrors: PackageMirrors?
    private let lease: RootfsLease

    init(
        name: String,
        layers: [Digest],
        chainID: Digest,
        environment: [String: String],
        entrypoint: [String] = [],
        runner: String? = nil,
        buildStd: [String]? = nil,
        workingDirectory: String = "/",
        mirrors: PackageMirrors? = nil,
        lease: consuming RootfsLease
    ) {
        self.name = name
        self.layers = layers
        self.chainID = chainID
        self.environment = environment
        self.entrypoint = entrypoint
        self.runner = runner
        self.buildStd = buildStd
        self.workingDirectory = workingDirectory
        self.mirrors = mirrors
        self.lease = lease
    }

    /// The same with other layers, those that a step has come to.
    consuming func prepared(as record: StepRecord, _ lease: consuming RootfsLease) -> Rootfs {
        Rootfs(
            name: name,
            layers: record.layers,
            chainID: record.chainID,
            environment: environment,
            entrypoint: entrypoint,
            runner: runner,
            buildStd: buildStd,
            workingDirectory: workingDirectory,
            mirrors: mirrors,
            lease: lease
        )
    }

    /// Its directory in the store.
    var path: FilePath { lease.path }

    /// `NAME=VALUE` entries by name.
    static func variables(_ entries: [String]) -> [String: String] {
        var result: [String: String] = [:]
        for entry in entries {
            guard let equals = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            result[String(entry[..<equals])] = String(entry[entry.utf8.index(after: equals)...])
        }
        return result
    }

    /// Its `PATH`, or what an engine gives an image that has none.
    var searchPath: String { environment["PATH"] ?? RootDirectory.searchPath }

    /// Where it has a program, seen from inside.
    ///
    /// - Parameter name: without a slash.
    /// - Returns: `nil` where no directory of its `PATH` has an executable file of that name.
    func program(_ name: String) -> FilePath? {
        RootDirectory(path: path).program(name, in: searchPath)
    }

    /// Where a path inside lies on the host, symbolic links followed as if inside.
    ///
    /// - Parameter inside: absolute.
    /// - Returns: `nil` where nothing is there, or the links do not end.
    func resolve(_ inside: FilePath) -> FilePath? {
        RootDirectory(path: path).resolve(inside)
    }
}
