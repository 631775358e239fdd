// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Sandbox
import SystemPackage

/// A directory of the store's in which one step is done: what it writes, and the files it finds.
///
/// It goes away with its owner, or with the next one's making where its owner was killed.
struct StepWorkplace: ~Copyable {
    /// Where the sandbox writes.
    let writes: FilePath
    /// The files that the step finds; its own copies, which it may write to.
    let mounts: [Mount]
    private let reportFile: FilePath?
    private let staging: Staging

    /// Makes a directory and the files in it.
    ///
    /// - Throws: `StoreError.system`.
    init(in store: Store, files: [StepFile]) throws(StoreError) {
        let staging = try Staging(in: store)
        let writes = try staging.directory.makeDirectory("root").path
        let directory = try staging.directory.makeDirectory("files")
        var mounts: [Mount] = []
        var reportFile: FilePath?
        for (index, file) in files.enumerated() {
            // Digits have no zero byte among them.
            guard let name = PathBytes("\(index)".utf8) else { continue }
            try directory.makeFile(name).write(file.content)
            try directory.changeMode(name, to: file.mode)
            let path = directory.path.appending("\(index)")
            if file.path == BuildStep.reportPath { reportFile = path }
            mounts.append(
                Mount(
                    target: FilePath(file.path),
                    kind: .bind(path, .readWrite, missing: .fail)
                )
            )
        }
        self.writes = writes
        self.mounts = mounts
        self.reportFile = reportFile
        self.staging = staging
    }

    /// What was written over the root.
    var upper: FilePath { writes.appending("upper") }

    /// Which of its parts the command had come to.
    var report: Int? {
        guard let reportFile, let text = try? TextFile.read(reportFile) else { return nil }
        return Int(text.prefix { !$0.isWhitespace })
    }
}
