// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
public import OCIStore
public import SystemPackage

/// The way to an image: its mirrors in order, and then its registry.
///
/// Whoever gives the manifest is asked for the layers first. What a mirror has is checked as what the
/// registry has is; a tag is what the first says that knows it.
public struct RegistryRoute: Sendable {
    private let clients: [RegistryClient]
    private let notice: @Sendable (RegistryNotice) -> Void

    /// A way that nobody has gone yet.
    ///
    /// - Parameters:
    ///   - reference: as the user names it.
    ///   - configuration: the surroundings; its `environment` leads to the files that name mirrors.
    /// - Throws: `blocked`, `routesUnreadable`, `routeMalformed`, `certificatesUnreadable`.
    public init(
        to reference: ImageReference,
        configuration: RegistryClient.Configuration
    ) throws(RegistryError) {
        let stops = try RegistryStop.stops(
            to: reference,
            environment: configuration.environment
        )
        let trusted = stops.flatMap { stop in
            stop.authorities
                + RegistryCertificates.directories(
                    for: stop.reference.registry,
                    environment: configuration.environment
                )
        }
        var clients: [RegistryClient] = []
        for (place, stop) in stops.enumerated() {
            var configuration = configuration
            // There is another one to ask.
            if place < stops.count - 1 {
                configuration.retries.attempts = min(2, configuration.retries.attempts)
            }
            clients.append(
                try RegistryClient(at: stop, trusting: trusted, configuration: configuration)
            )
        }
        self.clients = clients
        notice = configuration.notice
    }

    private init(
        _ clients: [RegistryClient],
        _ notice: @escaping @Sendable (RegistryNotice) -> Void
    ) {
        self.clients = clients
        self.notice = notice
    }

    /// Finds out what the reference stands for.
    ///
    /// - Parameter platform: which manifest of an index to take.
    /// - Returns: the contents, and the way that begins with who gave them.
    /// - Throws: what the registry itself says where no mirror knows the image.
    public func resolve(
        platform: Platform
    ) async throws(RegistryError) -> (ResolvedImage, RegistryRoute) {
        try await first { (client) async throws(RegistryError) in
            let image = try await client.resolve(platform: platform)
            let others = clients.filter { $0 !== client }
            return (image, RegistryRoute([client] + others, notice))
        }
    }

    /// Fetches one blob and leaves it in a file.
    ///
    /// - Parameters:
    ///   - blob: what to fetch.
    ///   - path: what one has left there, the next goes on with.
    ///   - progress: told how many bytes of the blob are there.
    /// - Throws: as `RegistryClient.fetch`, of the last that was asked.
    public func fetch(
        _ blob: Descriptor,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(RegistryError) {
        try await first { (client) async throws(RegistryError) in
            try await client.fetch(blob, into: path, progress: progress)
        }
    }

    private func first<Value>(
        _ ask: (RegistryClient) async throws(RegistryError) -> Value
    ) async throws(RegistryError) -> Value {
        var rest = clients[...]
        while let client = rest.popFirst() {
            do throws(RegistryError) {
                return try await ask(client)
            } catch {
                guard let next = rest.first, error.mayBeOtherwiseElsewhere else { throw error }
                notice(.elsewhere(client.registryHost, error, next: next.registryHost))
            }
        }
        throw .cancelled
    }
}

extension RegistryError {
    /// Whether another registry may have what this one has not.
    fileprivate var mayBeOtherwiseElsewhere: Bool {
        switch self {
        case .cancelled, .file, .certificatesUnreadable, .platformMissing: false
        default: true
        }
    }
}
