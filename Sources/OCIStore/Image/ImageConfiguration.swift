// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, config.md, "Properties".

/// What an image says of how its programs are run.
///
/// Every field is the image author's word: data, never to be used as a host path or command.
public struct ImageConfiguration: Hashable, Sendable, Codable {
    /// `NAME=VALUE` entries.
    public var environment: [String]
    /// The program that wraps every command.
    public var entrypoint: [String]
    /// The default command.
    public var command: [String]
    /// The directory a command starts in; empty means `/`.
    public var workingDirectory: String
    /// The user as written, a name or a number; `cross` overrides it.
    public var user: String
    /// Free annotations.
    public var labels: [String: String]
    /// What runs a command that is a line, Docker's extension; empty means `/bin/sh -c`.
    public var shell: [String]
    /// Instructions for those who build on the image, Docker's extension.
    public var onBuild: [String]

    /// A configuration of the given parts, each empty unless said.
    ///
    /// - Parameters:
    ///   - environment: `NAME=VALUE` entries.
    ///   - entrypoint: the wrapping program.
    ///   - command: the default command.
    ///   - workingDirectory: an absolute path or empty.
    ///   - user: a name or number or empty.
    ///   - labels: free annotations.
    ///   - shell: what runs a command that is a line.
    ///   - onBuild: instructions of a Dockerfile.
    public init(
        environment: [String] = [],
        entrypoint: [String] = [],
        command: [String] = [],
        workingDirectory: String = "",
        user: String = "",
        labels: [String: String] = [:],
        shell: [String] = [],
        onBuild: [String] = []
    ) {
        self.environment = environment
        self.entrypoint = entrypoint
        self.command = command
        self.workingDirectory = workingDirectory
        self.user = user
        self.labels = labels
        self.shell = shell
        self.onBuild = onBuild
    }

    enum CodingKeys: String, CodingKey {
        case environment = "Env"
        case entrypoint = "Entrypoint"
        case command = "Cmd"
        case workingDirectory = "WorkingDir"
        case user = "User"
        case labels = "Labels"
        case shell = "Shell"
        case onBuild = "OnBuild"
    }

    /// Reads the `config` object of an image configuration; absent and null fields are empty.
    ///
    /// - Parameter decoder: positioned on the object.
    /// - Throws: what the decoder throws where a field has another type.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            environment: try fields.decodeIfPresent([String].self, forKey: .environment) ?? [],
            entrypoint: try fields.decodeIfPresent([String].self, forKey: .entrypoint) ?? [],
            command: try fields.decodeIfPresent([String].self, forKey: .command) ?? [],
            workingDirectory: try fields.decodeIfPresent(String.self, forKey: .workingDirectory)
                ?? "",
            user: try fields.decodeIfPresent(String.self, forKey: .user) ?? "",
            labels: try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:],
            shell: try fields.decodeIfPresent([String].self, forKey: .shell) ?? [],
            onBuild: try fields.decodeIfPresent([String].self, forKey: .onBuild) ?? []
        )
    }
}
