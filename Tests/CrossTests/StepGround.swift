// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Foundation
import OCIStore
import Synchronization
import SystemPackage
import Testing

@testable import cross

/// A store with a small root filesystem to do steps in.
struct StepGround: ~Copyable {
    static let triple = "aarch64-unknown-linux-gnu"
    let directory: TemporaryDirectory
    let store: Store
    /// busybox and the directories that every root has.
    let base: StepRecord

    init() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(at: directory.path.appending("store"))
        var writer = try LayerWriter(in: store)
        let time = ModificationTime(seconds: 1_000_000_000)
        for name in ["bin", "etc", "tmp", "proc"] {
            let metadata = InodeMetadata(mode: name == "tmp" ? 0o1777 : 0o755, time: time)
            let path = try LayerPath(name.utf8)
            try writer.append(LayerEntry(path: path, kind: .directory, metadata: metadata))
        }
        let busybox = try Data(contentsOf: URL(filePath: "/bin/busybox"))
        try writer.append(
            Array(busybox),
            at: try LayerPath("bin/busybox".utf8),
            InodeMetadata(mode: 0o755, time: time)
        )
        for applet in Self.applets {
            let entry = LayerEntry(
                path: try LayerPath("bin/\(applet)".utf8),
                kind: .symbolicLink("busybox"),
                metadata: InodeMetadata(mode: 0o777, time: time)
            )
            try writer.append(entry)
        }
        let key = Digest.of(Array("ground".utf8))
        try writer.publish(as: key)
        base = try StepRecord(layers: [key])
        self.store = store
        self.directory = directory
    }

    private static let applets = [
        "cat", "chmod", "find", "hostname", "id", "ln", "mkdir", "mkfifo", "mv", "rm", "sh",
        "sleep", "sort", "stat", "touch", "true", "who",
    ]

    func runner(isOffline: Bool = false) throws -> StepRunner {
        StepRunner(
            store: store,
            host: Host(
                environment: [
                    "PATH": "/usr/bin:/bin", "CROSS_STORE": store.path.string,
                    "XDG_CACHE_HOME": directory.path.appending("cache").string,
                ],
                workingDirectory: directory.path,
                userName: nil,
                home: nil
            ),
            console: Console(verbosity: .quiet, choice: .never, environment: [:]),
            isOffline: isOffline,
            mounts: [],
            mirrors: nil,
            allowsSocketcall: false
        )
    }

    @discardableResult
    func result(_ step: BuildStep, above base: StepRecord? = nil) throws -> StepRecord {
        try runner().result(of: step, above: base ?? self.base)
    }

    func rootfs() throws -> Rootfs {
        Rootfs(
            name: "ground",
            layers: base.layers,
            chainID: base.chainID,
            environment: [:],
            lease: try store.materialise(base.layers)
        )
    }

    /// What a file of a step's tree holds.
    func content(_ record: StepRecord, _ name: String) throws -> String {
        let tree = try store.materialise(record.layers)
        return try String(contentsOfFile: tree.path.appending(name).string, encoding: .utf8)
    }

    /// The names in the root of a step's tree.
    func names(of record: StepRecord) throws -> [String] {
        let tree = try store.materialise(record.layers)
        return try FileManager.default.contentsOfDirectory(atPath: tree.path.string).sorted()
    }

    /// The names in a directory of the store; none where there is none.
    func names(in name: String) throws -> [String] {
        let path = store.path.appending(name).string
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}

/// What several threads came to.
final class Results: Sendable {
    private let records = Mutex<[StepRecord]>([])
    var all: [StepRecord] { records.withLock { $0 } }
    func add(_ record: StepRecord) { records.withLock { $0.append(record) } }
}
