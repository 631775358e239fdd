// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: ssh-agent(1), git-credential-store(1), the Cargo Book, "Registry Authentication".

import Sandbox
import SystemPackage

/// `build.credentials`: what of the user's a build may use to fetch private dependencies.
///
/// Nothing of it is there unless it is named, and all of it is read-only.
enum Credential: String, CaseIterable {
    /// The agent that has the user's keys; the keys themselves stay outside.
    case sshAgent = "ssh-agent"
    /// git's configuration and the passwords that it keeps in files.
    case git
    /// cargo's registry tokens.
    case cargo

    /// The files that make it work.
    func mounts(_ host: Host, _ cargoHome: CargoHome) -> [Mount] {
        files(host, cargoHome).map { Mount($0, .readOnly, missing: .skip) }
    }

    private func files(_ host: Host, _ cargoHome: CargoHome) -> [FilePath] {
        switch self {
        case .sshAgent:
            let agent = host.environment[Self.agent].map { [host.absolute(FilePath($0))] } ?? []
            let known = host.home.map { [$0.pushing(".ssh/known_hosts")] } ?? []
            return agent + known + ["/etc/ssh/ssh_known_hosts"]
        case .git:
            guard let home = host.home else { return [] }
            let configuration =
                host.environment["XDG_CONFIG_HOME"].map { host.absolute(FilePath($0)) }
                ?? home.appending(".config")
            return [
                home.appending(".gitconfig"), home.appending(".git-credentials"),
                configuration.appending("git"),
            ]
        case .cargo:
            return ["credentials.toml", "credentials"].map { cargoHome.path.appending($0) }
        }
    }

    /// Whether a variable of the user's belongs to it.
    func owns(_ variable: String) -> Bool {
        switch self {
        case .sshAgent: variable == Self.agent
        case .git: variable == "XDG_CONFIG_HOME"
        case .cargo: InsideEnvironment.isSecret(variable)
        }
    }

    /// The packages that a recipe's root filesystem needs to use it.
    var packages: [String] { self == .sshAgent ? ["openssh-client"] : [] }

    private static let agent = "SSH_AUTH_SOCK"
}
