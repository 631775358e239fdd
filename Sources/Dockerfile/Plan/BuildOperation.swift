// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// One step that changes a stage's files, and becomes a layer.
///
/// A layer can be used again where three things are the same: the layers below, `statement`, and
/// the content of each of `inputs`.
public struct BuildOperation: Hashable, Sendable {
    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Run a program.
        case run(RunStep)
        /// Copy files.
        case copy(CopyStep)
        /// Make a directory, with those above it; `WORKDIR`.
        case makeDirectory(path: String, user: String)
    }

    /// What is to be done, every word expanded.
    public let action: Action
    /// The instruction it comes from, for messages.
    public let location: SourceLocation
    /// All physical lines of the instruction, counted from 1.
    public let lines: ClosedRange<Int>
    /// The instruction as written, without here-documents; to be escaped before it is shown.
    public let text: String

    init(_ action: Action, _ instruction: Located<Instruction>) {
        self.action = action
        self.location = instruction.location
        self.lines = instruction.lines
        self.text = instruction.text
    }

    /// The digest of everything that the instruction says, and of every variable it sees.
    ///
    /// Predefined proxy variables and secrets do not count: they change how bytes are reached,
    /// not which.
    public var statement: Digest { action.statement }

    /// What else counts, by content.
    public var inputs: [FileOrigin] { action.inputs }
}

/// A program to run in a stage.
public struct RunStep: Hashable, Sendable {
    /// A file that is there while the program runs.
    public struct Script: Hashable, Sendable {
        /// Where the program finds it; its directory holds nothing else.
        public let path: String
        /// Its bytes; the mode is 0755.
        public let content: String
    }

    /// The program and its arguments.
    public let arguments: [String]
    /// `NAME=VALUE`: the image's variables and the arguments declared so far, sorted by name.
    public let environment: [String]
    /// `NAME=VALUE`: proxies, which programs see and keys do not.
    public let proxies: [String]
    /// As in an image's configuration; empty means root.
    public let user: String
    /// Absolute.
    public let workingDirectory: String
    /// What is mounted, in order.
    public let mounts: [RunMount]
    /// The program itself, where it stands in the Dockerfile.
    public let script: Script?
    /// Whether there is to be no network.
    public let isOffline: Bool
}

/// Files to copy into a stage.
public struct CopyStep: Hashable, Sendable {
    /// A source, in the order of the instruction.
    public enum Source: Hashable, Sendable {
        /// A path or a pattern in the origin; `CopySelection` says what it stands for.
        case path(String)
        /// A file to download.
        case url(RemoteFile)
        /// A file whose content stands in the Dockerfile; its mode is 0644.
        case document(name: String, content: String)
    }

    /// A file to download.
    public struct RemoteFile: Hashable, Sendable {
        /// `http` or `https`.
        public let url: String
        /// Of its bytes; where there is none, what the server sends now counts.
        public let checksum: Digest?
        /// What it is called in a directory.
        public let name: String
    }

    /// Where paths are looked up.
    public let origin: FileOrigin
    /// What.
    public let sources: [Source]
    /// Absolute; a slash at the end asks for a directory.
    public let destination: String
    /// `user`, `user:group`, names or numbers; `nil` means root for the context, and else as in
    /// the origin.
    public let owner: String?
    /// The mode that every file and directory gets.
    public let mode: FileMode?
    /// Patterns of what is left out.
    public let excluded: [String]
    /// Whether the directories above the sources come with them.
    public let keepsParents: Bool
    /// Whether the copy does not look at what is there before.
    public let isLinked: Bool
    /// Whether sources of the context that are archives are unpacked, and downloads, too.
    public let unpacks: Unpacking

    /// Which archives are unpacked.
    public enum Unpacking: Hashable, Sendable {
        /// None.
        case none
        /// Those that are files of the context.
        case local
        /// Those, and downloads.
        case all
    }
}
