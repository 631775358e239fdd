// SPDX-License-Identifier: MIT OR Apache-2.0

public import Download

extension RegistryClient {
    /// What a client is told of its surroundings.
    public struct Configuration: Sendable {
        /// `SSL_CERT_FILE`, `REGISTRY_AUTH_FILE`, `DOCKER_CONFIG`, `XDG_…`, `HOME`, `NO_PROXY` are read;
        /// proxies but for `NO_PROXY` are libcurl's matter, which reads the process's own.
        public var environment: [String: String]
        /// Seconds in which there must be a connection, and then 1 KiB in each so many.
        public var stall: Int
        /// How often and how far apart requests are made again.
        public var retries: RetryPolicy
        /// How much may be said.
        public var limits: RegistryLimits
        /// Token servers that the user's credentials for a registry may be shown to although they are
        /// not at its host: by the registry's host and port, a host.
        public var tokenServers: [String: String]
        /// What is to be done with the image, which tokens are for.
        public var access = RegistryAccess.pull
        /// Asks a credential helper; `nil` runs it.
        public var helper: CredentialHelperQuestion?
        /// Told what the user should know although nothing failed, by any thread.
        public var notice: @Sendable (RegistryNotice) -> Void

        /// A configuration of the given parts.
        ///
        /// - Parameters:
        ///   - environment: by name.
        ///   - stall: in seconds, at least 1.
        ///   - retries: for failures that may pass.
        ///   - limits: to what it says.
        ///   - tokenServers: by registry.
        ///   - notice: what may be said.
        public init(
            environment: [String: String],
            stall: Int = 30,
            retries: RetryPolicy = RetryPolicy(),
            limits: RegistryLimits = RegistryLimits(),
            tokenServers: [String: String] = [:],
            notice: @escaping @Sendable (RegistryNotice) -> Void = { _ in }
        ) {
            self.environment = environment
            self.stall = stall
            self.retries = retries
            self.limits = limits
            self.tokenServers = tokenServers
            self.notice = notice
        }
    }
}

/// What a token is to allow.
public enum RegistryAccess: String, Hashable, Sendable {
    /// To read an image.
    case pull
    /// To write one, and to see what of it is there.
    case push = "pull,push"
}
