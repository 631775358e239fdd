// SPDX-License-Identifier: MIT OR Apache-2.0

import FoundationEssentials
import OCIStore
import Sandbox
import SystemPackage

/// A command that prepares a root filesystem, and everything that its result depends on.
///
/// It runs as root, in the root filesystem that the steps before it have made; what it writes there
/// becomes a layer.
struct BuildStep: Equatable {
    /// What a user knows it by, such as `pre-build`; the result does not depend on it.
    var title: String
    /// The parts that a user knows, where it has some; the command writes into `reportPath` which of
    /// them it has come to, from 1 on.
    var parts: [String] = []
    /// The command, its program first.
    var arguments: [String]
    /// The complete environment, but for what the network needs.
    var environment: [String: String] = [:]
    /// Who the command is, as a Dockerfile's `USER` says it; empty for root.
    var user = ""
    /// Where the command starts, inside.
    var workingDirectory = "/"
    /// Variables besides, which the result does not depend on, such as proxies.
    var transientEnvironment: [String: String] = [:]
    /// Files that are there while it runs, and leave no trace.
    var files: [StepFile] = []
    /// What else is mounted while it runs; `inputs` stand for what the result depends on of it.
    var mounts: [Mount] = []
    /// Digests of what else the result depends on.
    var inputs: [Digest] = []
    /// Whether it has the machine's network.
    var hasNetwork = true

    /// Where a command says which of its parts it has come to.
    static let reportPath = "/run/cross/part"

    /// The digest of all that the result depends on, but for the root filesystem below: the command,
    /// its environment and files, the machine's architecture, and the way in which steps are done.
    var digest: Digest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Key(
            architecture: Platform.host.architecture,
            arguments: arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            files: files.map {
                Key.File(path: $0.path, mode: $0.mode, digest: Digest.of($0.content))
            },
            inputs: inputs,
            hasNetwork: hasNetwork,
            user: user.isEmpty ? nil : user
        )
        // Strings, numbers and lists of them can always be encoded.
        return Digest.of((try? encoder.encode(content)).map(Array.init) ?? [])
    }

    /// Names the result above a root filesystem.
    ///
    /// - Parameter base: the chain ID of the root filesystem that it runs in.
    /// - Returns: the key of the result in the store.
    func key(above base: Digest) -> Digest { StepRecord.key(of: digest, above: base) }

    private struct Key: Encodable {
        struct File: Encodable {
            let path: String
            let mode: UInt32
            let digest: Digest
        }

        /// Counted up when the same step comes to something else than before.
        let engine = 1
        let architecture: String
        let arguments: [String]
        let environment: [String: String]
        let workingDirectory: String
        let files: [File]
        let inputs: [Digest]
        let hasNetwork: Bool
        /// Absent for root.
        let user: String?
    }
}

/// A file that a step finds.
struct StepFile: Equatable {
    /// Where, inside.
    let path: String
    /// All of it.
    let content: [UInt8]
    /// Its permissions.
    var mode: UInt32 = 0o644
}

/// Why a root filesystem was not prepared.
enum StepError: Error, Equatable {
    /// The command failed.
    case failed(StepFailure)
    /// The root filesystem knows nobody of that name.
    case unknownUser(String)
    /// What is to be run cannot be read.
    case unreadable(TextFileError)
    /// The file that is to be run is not there any more.
    case noScript(FilePath)
    /// A root filesystem of packages needs the machine's mirrors, and `cross-fetch` has said why they
    /// are not to be had.
    case noMirrors(Int32)
}

/// What is known of a step that failed.
struct StepFailure: Error, Equatable {
    /// What the user knows it by.
    let title: String
    /// Where in it that was, where it has parts.
    var part: String?
    let end: StepEnd
    /// Whether it had no network.
    var isOffline = false
    /// Where the user asks for it: a place in a file, or a variable.
    var place: String?
}

/// How a step's command ended.
enum StepEnd: Equatable {
    case status(Int32)
    case signal(Int32)
}
