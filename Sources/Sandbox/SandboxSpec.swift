// SPDX-License-Identifier: MIT OR Apache-2.0

public import SystemPackage

/// Everything about one command in one sandbox.
///
/// Pure data: making one touches nothing, and two that are equal do the same.
public struct SandboxSpec: Equatable, Sendable {
    /// The network that the command sees.
    public enum Network: Equatable, Sendable {
        /// The caller's.
        case host
        /// A loopback interface of its own, and nothing else.
        case none
    }

    /// Where that goes which the command writes to the root.
    public enum Writes: Equatable, Sendable {
        /// To memory, and nowhere in the end.
        case memory
        /// To `upper` in a directory of the host, in overlayfs's notation.
        ///
        /// The directory is empty and the caller's. `/tmp`, `/run` and `/var/tmp` are the root's own
        /// then. A `work` is beside `upper`, which nobody needs afterwards; nothing is synchronised.
        case directory(FilePath)
        /// To the root itself, a directory of the caller's own that nobody else uses.
        ///
        /// Mount points that it lacks are made in it. `/tmp`, `/run` and `/var/tmp` are the root's own.
        case root
    }

    /// Who the command is.
    public enum User: Equatable, Sendable {
        /// The caller, under the caller's own ids and without any privilege.
        case caller
        /// Root, as it is needed to install packages, over files that are the caller's.
        ///
        /// There is no id but 0: what would change owners or ids, or make a device, succeeds without
        /// effect. Files are made as under the mask 022.
        case root
        /// Somebody of the root filesystem's, by number and without any privilege, over files that all
        /// belong to him. Files are made as under the mask 022.
        case other(uid: UInt32, gid: UInt32)
    }

    /// Where the command's standard descriptors lead.
    public enum Streams: Equatable, Sendable {
        /// To where the caller's lead.
        case caller
        /// To nothing, and twice to the caller's standard error.
        case onlyErrors
    }

    /// The root filesystem, on the host; it is only read, unless `writes` says otherwise.
    public var root: FilePath

    /// Where that goes which the command writes to the root.
    public var writes: Writes

    /// Who the command is.
    public var user: User

    /// Where the command's standard descriptors lead.
    public var streams: Streams

    /// What is mounted on top of the root, in order.
    ///
    /// `/proc`, `/dev`, `/sys`, `/tmp`, `/run` and `/var/tmp` are there already.
    public var mounts: [Mount]

    /// The complete environment, each `NAME=VALUE`.
    public var environment: [String]

    /// Where the command starts, inside.
    public var workingDirectory: FilePath

    /// The command.
    ///
    /// Shape: the first is the program; without a slash it is looked up in the `PATH` of
    /// `environment`, inside.
    public var arguments: [String]

    /// The network that the command sees.
    public var network: Network

    /// Whether 32-bit programs on x86-64 may open sockets as their C library does.
    ///
    /// socketcall(2) keeps its arguments in memory, where no filter can look: with it, the families
    /// that are refused otherwise can be had, too.
    public var allowsSocketcall: Bool

    /// What is refused otherwise.
    public var allowances: Set<Allowance>

    /// How many processes and threads there may be; `nil`: as many as the caller may have.
    ///
    /// Linux counts those of a sandbox by themselves since 5.14; before, those of the user's. Root is
    /// exempt.
    public var processLimit: Int?

    /// Foreign programs that the command can start as if they were its own.
    public var binaryFormats: [BinaryFormat]

    /// The host name that the command sees, at most 64 bytes.
    public var hostname: String

    /// A sandbox, spelt out.
    ///
    /// - Parameters:
    ///   - root: the root filesystem, on the host.
    ///   - writes: where that goes which the command writes to it.
    ///   - user: who the command is.
    ///   - streams: where its standard descriptors lead.
    ///   - mounts: what is mounted on top of it, in order.
    ///   - environment: the complete environment, each `NAME=VALUE`.
    ///   - workingDirectory: where the command starts, inside.
    ///   - arguments: the command, its program first.
    ///   - network: the network that the command sees.
    ///   - allowsSocketcall: whether 32-bit programs on x86-64 may open sockets.
    ///   - allowances: what is refused otherwise.
    ///   - processLimit: how many processes and threads there may be.
    ///   - binaryFormats: foreign programs that the command can start.
    ///   - hostname: at most 64 bytes.
    public init(
        root: FilePath,
        writes: Writes = .memory,
        user: User = .caller,
        streams: Streams = .caller,
        mounts: [Mount] = [],
        environment: [String] = [],
        workingDirectory: FilePath = "/",
        arguments: [String],
        network: Network = .host,
        allowsSocketcall: Bool = false,
        allowances: Set<Allowance> = [],
        processLimit: Int? = nil,
        binaryFormats: [BinaryFormat] = [],
        hostname: String = "cross"
    ) {
        self.root = root
        self.writes = writes
        self.user = user
        self.streams = streams
        self.mounts = mounts
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.arguments = arguments
        self.network = network
        self.allowsSocketcall = allowsSocketcall
        self.allowances = allowances
        self.processLimit = processLimit
        self.binaryFormats = binaryFormats
        self.hostname = hostname
    }
}

extension SandboxSpec: CustomStringConvertible {
    /// The facts, a line each.
    public var description: String { facts.joined(separator: "\n") }

    /// What there is to know, in the order in which it takes effect; control characters are escaped.
    ///
    /// Of the environment only the names: values may be secrets, and this is what users show others.
    public var facts: [String] {
        var lines = ["root \(quoted(root))"]
        switch writes {
        case .memory: break
        case .directory(let directory): lines.append("writes \(quoted(directory))")
        case .root: lines.append("writes the root itself")
        }
        switch user {
        case .caller: break
        case .root: lines.append("user root")
        case .other(let uid, let gid): lines.append("user \(uid):\(gid)")
        }
        lines += mounts.map(\.description)
        lines += binaryFormats.map(\.description)
        lines.append("network \(network)")
        if allowsSocketcall { lines.append("socketcall") }
        lines += Allowance.allCases.filter(allowances.contains).map { "allows \($0.rawValue)" }
        if let processLimit { lines.append("processes \(processLimit)") }
        lines.append("hostname \(hostname.debugDescription)")
        lines += environment.map { variable in
            "environment \(String(variable.prefix { $0 != "=" }).debugDescription)"
        }
        lines.append("directory \(quoted(workingDirectory))")
        lines.append("command " + arguments.map(\.debugDescription).joined(separator: " "))
        return lines
    }
}

/// A path as a line of text can carry it.
func quoted(_ path: FilePath) -> String {
    path.string.debugDescription
}
