// SPDX-License-Identifier: MIT OR Apache-2.0

package import Download
import Foundation
import OCIStore
import RootfsRecipe

/// The archives of a distribution, as the machine's mirrors of them give it.
///
/// Nothing a mirror says is believed: releases are signed, and name the digests of indexes, which
/// name those of packages. So mirrors may speak plain HTTP, and be asked one after the other.
package final class ArchiveClient: Sendable {
    /// What a client is told of its surroundings.
    package struct Configuration: Sendable {
        /// `SSL_CERT_FILE` and `NO_PROXY` are read; other proxies are libcurl's matter.
        package var environment: [String: String]
        /// Seconds in which there must be a connection, and then 1 KiB in each so many.
        package var stall: Int
        /// How often and how far apart one mirror is asked again.
        package var retries: RetryPolicy
        /// Has gpgv asked; `nil` runs it.
        package var check: SignatureCheck?
        /// Told what the user may want to know although nothing failed, by any thread.
        package var notice: @Sendable (ArchiveNotice) -> Void

        /// A configuration of the given parts.
        ///
        /// - Parameters:
        ///   - environment: by name.
        ///   - stall: in seconds, at least 1.
        ///   - retries: for failures that may pass.
        ///   - notice: what may be said.
        package init(
            environment: [String: String],
            stall: Int = 30,
            retries: RetryPolicy = RetryPolicy(),
            notice: @escaping @Sendable (ArchiveNotice) -> Void = { _ in }
        ) {
            self.environment = environment
            self.stall = stall
            self.retries = retries
            self.notice = notice
        }
    }

    /// Measured against a mirror near by: four connections bring a quarter of what eight do, and
    /// sixteen no more.
    package static let parallelFetches = 8

    let locations: ArchiveLocations
    /// Where old states of archives are kept, where their releases do not say it.
    let snapshots: String?
    let configuration: Configuration
    private let transport: Transport

    /// A client that asks nobody yet.
    ///
    /// - Parameters:
    ///   - locations: addresses by archive, in the order in which they are asked.
    ///   - snapshots: an address with `@SNAPSHOTID@` in it, and `@ARCHIVE@` where archives differ.
    ///   - configuration: the surroundings.
    /// - Throws: `ArchiveClientError.certificatesUnreadable`, `.malformedSnapshots`.
    package init(
        locations: ArchiveLocations,
        snapshots: String? = nil,
        configuration: Configuration
    ) throws(ArchiveClientError) {
        self.locations = locations
        if let snapshots, Snapshots.base(snapshots, .debian, date: 0) == nil {
            throw .malformedSnapshots(snapshots)
        }
        self.snapshots = snapshots
        self.configuration = configuration
        do throws(DownloadError) {
            transport = try Transport(
                environment: configuration.environment,
                stall: configuration.stall,
                connections: Self.parallelFetches
            )
        } catch .certificatesUnreadable(let path, let errno) {
            throw .certificatesUnreadable(path, errno)
        } catch {
            throw .cancelled
        }
    }

    /// What the first of the addresses gives that gives anything of use.
    ///
    /// - Throws: `unavailable` with what became of each; what is wrong here, and not there, at once.
    func first<Value>(
        of files: [ArchiveFile],
        for subject: ArchiveSubject,
        _ ask: (ArchiveFile) async throws(MirrorFault) -> Value
    ) async throws(ArchiveClientError) -> Value {
        var failures: [MirrorFailure] = []
        for file in files {
            do throws(MirrorFault) {
                return try await ask(file)
            } catch .download(.cancelled) {
                throw .cancelled
            } catch .download(.file(let path, let errno)) {
                throw .file(path, errno)
            } catch .release(let error) where error.fault.isOfMachine {
                throw .verification(error)
            } catch {
                let failure = MirrorFailure(address: file.description, fault: error)
                failures.append(failure)
                if failures.count < files.count {
                    configuration.notice(.failed(subject, failure))
                }
            }
        }
        throw .unavailable(subject, failures)
    }

    /// All bytes of a short file.
    func contents(of file: ArchiveFile, limit: Int) async throws(MirrorFault) -> [UInt8] {
        switch file.place {
        case .local(let path):
            return try LocalFile.contents(of: path, limit: limit)
        case .server(let url):
            let body = MemoryBody(limit: limit)
            var patience = patience()
            while true {
                do throws(AttemptFailure<MirrorFault>) {
                    _ = try await attempt(
                        url,
                        file.authorization,
                        body: body,
                        expecting: [200]
                    )
                    guard body.contents.count <= limit else {
                        throw .lasting(.tooLarge(limit: limit))
                    }
                    return body.contents
                } catch {
                    try await patience.wait(after: error)
                }
            }
        }
    }

    /// Fills a file with one whose digest is known; what it holds is gone on with.
    func fill(
        _ file: BlobFile,
        with source: ArchiveFile,
        digest: Digest
    ) async throws(MirrorFault) {
        switch source.place {
        case .local(let path):
            try LocalFile.copy(path, to: file, digest: digest)
        case .server(let url):
            try await file.fill(digest, patience: patience()) {
                MirrorFault.download($0)
            } attempt: { () async throws(AttemptFailure<MirrorFault>) in
                try await attempt(
                    url,
                    source.authorization,
                    headers: file.rangeHeader,
                    body: file,
                    expecting: [200, 206, 416]
                )
            }
        }
    }

    private func attempt(
        _ url: URL,
        _ authorization: String?,
        headers: [String: String] = [:],
        body: any ResponseBody,
        expecting statuses: Set<Int>
    ) async throws(AttemptFailure<MirrorFault>) -> (ResponseHead, host: String) {
        var request = Request(url: url, headers: headers)
        request.headers["Authorization"] = authorization
        let answer: (ResponseHead, host: String)
        do throws(AttemptFailure<DownloadError>) {
            answer = try await transport.follow(request, policy: .verified, body: body)
        } catch {
            throw error.mapped { MirrorFault.download($0) }
        }
        let (status, host) = (answer.0.status, answer.host)
        if statuses.contains(status) { return answer }
        switch status {
        case 404, 410: throw .lasting(.missing)
        case 401, 403: throw .lasting(.denied)
        default: throw .lasting(.download(.status(status, host: host, attempts: 1)))
        }
    }

    private func patience() -> Patience<MirrorFault> {
        Patience(policy: configuration.retries) { [notice = configuration.notice] retry in
            notice(.retrying(host: retry.host, attempt: retry.attempt, after: retry.after))
        } word: {
            .download($0)
        }
    }
}

/// What a user may want to know although nothing failed.
package enum ArchiveNotice: Sendable {
    /// One address was of no use; another one is asked.
    case failed(ArchiveSubject, MirrorFailure)
    /// A request failed in a way that passes and is made again.
    case retrying(host: String, attempt: Int, after: Duration)
}

extension ReleaseFault {
    /// Whether it is this machine that cannot verify, rather than the release that is wrong.
    fileprivate var isOfMachine: Bool {
        switch self {
        case .verifierMissing, .verifierNotStarted, .verifierFailed, .textUnwritten,
            .keyringMissing, .keyringUnreadable, .keyringMalformed, .noKeyring, .scratch:
            true
        default: false
        }
    }
}
