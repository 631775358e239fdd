// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import Foundation
public import OCIStore
import Synchronization
import SystemPackage

/// A registry, as one image is pulled from it.
///
/// Certificates and time limits hold for the whole process, the last client's win: a process is
/// meant to pull one image.
public final class RegistryClient: Sendable {
    /// The image that is pulled.
    public let reference: ImageReference

    private let stop: RegistryStop
    private let configuration: Configuration
    private let transport: Transport
    private let authorizer: Authorizer
    private let knownEndpoint = Mutex<Endpoint?>(nil)
    private let warned = Mutex<Set<String>>([])

    /// A client for one image; asks nobody yet.
    ///
    /// - Parameters:
    ///   - reference: its registry's certificates are trusted.
    ///   - configuration: the surroundings.
    /// - Throws: `RegistryError.certificatesUnreadable`.
    public convenience init(
        for reference: ImageReference,
        configuration: Configuration
    ) throws(RegistryError) {
        try self.init(
            at: RegistryStop(reference: reference),
            trusting: RegistryCertificates.directories(
                for: reference.registry,
                environment: configuration.environment
            ),
            configuration: configuration
        )
    }

    /// A client of a mirror or registry; files and directories of authorities are those of all.
    init(
        at stop: RegistryStop,
        trusting authorities: [FilePath],
        configuration: Configuration
    ) throws(RegistryError) {
        reference = stop.reference
        self.stop = stop
        self.configuration = configuration
        do throws(DownloadError) {
            transport = try Transport(
                environment: configuration.environment,
                trusting: authorities,
                stall: configuration.stall,
                headers: configuration.limits.headers
            )
        } catch {
            throw RegistryError(error, of: .manifest(reference))
        }
        authorizer = Authorizer(
            for: reference,
            search: CredentialSearch(
                environment: configuration.environment,
                notice: configuration.notice,
                question: configuration.helper
            ),
            transport: transport,
            configuration: configuration
        ) { subject in
            Patience(subject: subject, policy: configuration.retries, notice: configuration.notice)
        }
    }

    var limits: RegistryLimits { configuration.limits }

    /// The registry's host as errors name it.
    var registryHost: String { Endpoint(at: stop).authority }

    func patience(_ subject: RegistrySubject) -> Patience<RegistryError> {
        Patience(subject: subject, policy: configuration.retries, notice: configuration.notice)
    }

    /// Gets a short document, with as many attempts as it may take.
    func get(
        _ path: String,
        subject: RegistrySubject,
        headers: [String: String] = [:],
        body: any ResponseBody
    ) async throws(RegistryError) -> ResponseHead {
        try await patiently(subject) { () async throws(AttemptFailure<RegistryError>) in
            try await attempt(path, subject: subject, headers: headers, body: body).0
        }
    }

    /// Asks as often as it may take.
    func patiently<Value>(
        _ subject: RegistrySubject,
        _ ask: () async throws(AttemptFailure<RegistryError>) -> Value
    ) async throws(RegistryError) -> Value {
        var patience = patience(subject)
        while true {
            do throws(AttemptFailure<RegistryError>) {
                return try await ask()
            } catch {
                try await patience.wait(after: error)
            }
        }
    }

    /// Asks the registry for something, answers its challenge and follows where it leads, once.
    func attempt(
        _ path: String,
        subject: RegistrySubject,
        method: String = "GET",
        headers: [String: String] = [:],
        content: RequestContent? = nil,
        body: any ResponseBody,
        expecting statuses: Set<Int> = [200]
    ) async throws(AttemptFailure<RegistryError>) -> (ResponseHead, host: String) {
        let endpoint = try await endpoint()
        var request = try request(path, of: endpoint, method, content)
        request.headers.merge(headers) { $1 }
        return try await exchange(
            request,
            with: endpoint,
            subject: subject,
            body: body,
            expecting: statuses
        )
    }

    /// A request to the registry, with the credentials that it took before.
    func request(
        _ path: String,
        of endpoint: Endpoint,
        _ method: String,
        _ content: RequestContent?
    ) throws(AttemptFailure<RegistryError>) -> Request {
        guard let url = endpoint.url(path) else {
            throw .lasting(.unreachable(host: endpoint.authority, reason: "no host name"))
        }
        var request = Request(url: url, method: method, content: content)
        request.headers["Authorization"] = authorizer.header
        return request
    }

    /// Sends a request, answers the registry's challenge and follows where it leads, once.
    func exchange(
        _ request: Request,
        with endpoint: Endpoint,
        subject: RegistrySubject,
        body: any ResponseBody,
        expecting statuses: Set<Int>
    ) async throws(AttemptFailure<RegistryError>) -> (ResponseHead, host: String) {
        var request = request
        var isChallenged = false
        while true {
            let (head, host) = try await follow(request, subject: subject, body: body)
            noteWarning(head, host: host)
            if statuses.contains(head.status) { return (head, host) }
            guard head.status == 401, host == endpoint.authority, !isChallenged else {
                throw .lasting(try await error(head.status, subject: subject, host: host))
            }
            isChallenged = true
            do throws(RegistryError) {
                request.headers["Authorization"] = try await authorizer.answer(
                    head["www-authenticate"],
                    of: endpoint,
                    subject: subject
                )
            } catch {
                throw .lasting(error)
            }
        }
    }

    private func follow(
        _ request: Request,
        subject: RegistrySubject,
        body: any ResponseBody
    ) async throws(AttemptFailure<RegistryError>) -> (ResponseHead, host: String) {
        do throws(AttemptFailure<DownloadError>) {
            return try await transport.follow(request, policy: .secret, body: body)
        } catch {
            throw error.mapped { RegistryError($0, of: subject) }
        }
    }

    private func error(
        _ status: Int,
        subject: RegistrySubject,
        host: String
    ) async throws(AttemptFailure<RegistryError>) -> RegistryError {
        guard host == registryHost else {
            return .status(status, subject, host: host, attempts: 1)
        }
        switch status {
        case 401, 403:
            let source: CredentialSource?
            do throws(RegistryError) {
                source = try await authorizer.source()
            } catch {
                throw .lasting(error)
            }
            return .denied(subject, host: host, offered: source)
        case 404: return .missing(subject, host: host)
        default: return .status(status, subject, host: host, attempts: 1)
        }
    }

    /// Plain HTTP is only for a registry that is named as this machine, or that the user's own
    /// configuration calls insecure, that does not speak TLS, and that proves to be one: what answers 400 there is a TLS server whose certificate is not
    /// trusted, and must not be talked to in the clear.
    func endpoint() async throws(AttemptFailure<RegistryError>) -> Endpoint {
        if let known = knownEndpoint.withLock({ $0 }) { return known }
        var endpoint = Endpoint(at: stop)
        guard !endpoint.authority.utf8.starts(with: "[".utf8) else {
            throw .lasting(.addressAsName(host: endpoint.authority))
        }
        if endpoint.host.isLoopback || stop.allowsPlain {
            do throws(AttemptFailure<RegistryError>) {
                _ = try await probe(endpoint)
            } catch {
                endpoint.isSecure = false
                guard let status = try? await probe(endpoint), [200, 401].contains(status) else {
                    throw error
                }
            }
        }
        knownEndpoint.withLock { $0 = endpoint }
        return endpoint
    }

    private func probe(_ endpoint: Endpoint) async throws(AttemptFailure<RegistryError>) -> Int {
        guard let url = endpoint.url("") else {
            throw .lasting(.unreachable(host: endpoint.authority, reason: "no host name"))
        }
        do throws(AttemptFailure<DownloadError>) {
            return try await transport.answer(
                to: Request(url: url),
                body: MemoryBody(limit: 64 * 1024)
            ).status
        } catch {
            throw error.mapped { RegistryError($0, of: .manifest(reference)) }
        }
    }

    private func noteWarning(_ head: ResponseHead, host: String) {
        guard let text = head["warning"], warned.withLock({ $0.insert(text).inserted }) else {
            return
        }
        configuration.notice(.warning(host: host, text: text))
    }
}
