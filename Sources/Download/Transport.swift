// SPDX-License-Identifier: MIT OR Apache-2.0

import CTransferDefaults
package import Foundation
import FoundationNetworking
import Synchronization
package import SystemPackage

/// A request as the client words it.
package struct Request: Sendable {
    /// Absolute.
    package var url: URL
    /// By name.
    package var headers: [String: String]
    /// Such as `GET`.
    package var method: String
    /// What is sent along.
    package var content: RequestContent?
    /// The host outside that named this URL's: its address must be outside, too.
    package var origin: String?

    /// A request of the given parts.
    package init(
        url: URL,
        headers: [String: String] = [:],
        method: String = "GET",
        content: RequestContent? = nil
    ) {
        self.url = url
        self.headers = headers
        self.method = method
        self.content = content
    }
}

/// What a request sends along.
package enum RequestContent: Sendable {
    /// A few bytes of this media type.
    case bytes([UInt8], type: String)
    /// All that is in a file, of any size: it is read as it is sent.
    case file(FilePath)
}

/// Exchanges of request and answer over HTTP; knows no credentials.
///
/// Certificates and time limits hold for the whole process, the last transport's win: a process is
/// meant to have one.
package final class Transport: Sendable {
    private let session: URLSession
    private let delegate: TransferDelegate
    /// Where a proxy resolves names, it is the proxy's to say where they may lead.
    private let resolvesNames: Bool
    private let answered = Mutex<Set<String>>([])

    /// A transport that asks nobody yet.
    ///
    /// - Parameters:
    ///   - certificates: trusted authorities in PEM; `nil` trusts the system's.
    ///   - directHosts: for which no proxy is asked.
    ///   - stall: seconds in which no connection is made, or less than 1 KiB comes.
    ///   - connections: to one host at most; kept between requests.
    ///   - resolvesNames: whether the addresses connected to are those of the hosts, and not a proxy's.
    ///   - headers: how much of them an answer may have.
    package init(
        certificates: [UInt8]?,
        directHosts: String,
        stall: Int,
        connections: Int = 6,
        resolvesNames: Bool = true,
        headers: HeaderLimits = HeaderLimits()
    ) {
        delegate = TransferDelegate(limits: headers)
        self.resolvesNames = resolvesNames
        unsafe Self.setDefaults(certificates, directHosts: directHosts, stall: stall)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        // The stall speed decides; this timer also runs while the disk is what is slow.
        configuration.timeoutIntervalForRequest = 86_400
        configuration.httpMaximumConnectionsPerHost = connections
        configuration.httpAdditionalHeaders = ["User-Agent": "cross"]
        session = URLSession(
            configuration: configuration,
            delegate: delegate,
            delegateQueue: TransferQueue()
        )
    }

    deinit {
        // The session keeps its delegate, and itself, until told.
        session.finishTasksAndInvalidate()
    }

    func noteAnswer(of host: String) {
        answered.withLock { _ = $0.insert(host) }
    }

    func hasAnswered(_ host: String) -> Bool {
        answered.withLock { $0.contains(host) }
    }

    /// Sends the request; the body of the answer goes to `body`.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - body: takes it chunk by chunk.
    /// - Returns: the head, once the body has come or `body` wants no more of it.
    /// - Throws: why no whole answer came.
    package func send(
        _ request: Request,
        body: any ResponseBody
    ) async throws(TransferFailure) -> ResponseHead {
        let isGuarded = request.origin != nil && resolvesNames
        if isGuarded { PeerAddresses.guard(request.url.authority) }
        let outcome = await outcome(of: request, body: body)
        guard !isGuarded || !PeerAddresses.release(request.url.authority) else { throw .inward }
        return try outcome.get()
    }

    private func outcome(of request: Request, body: any ResponseBody) async -> Transfer.Outcome {
        let task = task(for: request)
        let transfer = Transfer(body: body)
        delegate.register(transfer, for: task)
        task.resume()
        let outcome = await withTaskCancellationHandler {
            await transfer.wait()
        } onCancel: {
            transfer.finish(.failure(.cancelled))
        }
        delegate.remove(task)
        // A task without an answer may be about to redirect, and URLSession traps where one is
        // cancelled then; the delegate cancels it when the answer comes. It may take a while, as
        // it waits its turn on the queue that also reads from the network.
        if transfer.isAnswered { TransferDelegate.cancel(task) }
        return outcome
    }

    private func task(for request: Request) -> URLSessionTask {
        switch request.content {
        case .file(let path):
            session.uploadTask(
                with: URLRequest(request),
                fromFile: URL(filePath: path.string)
            )
        case .bytes, nil: session.dataTask(with: URLRequest(request))
        }
    }

    /// What is set is kept for ever, as transfers refer to it.
    @unsafe private static func setDefaults(
        _ certificates: [UInt8]?,
        directHosts: String,
        stall: Int
    ) {
        let bundle = unsafe certificates.map { unsafe kept($0) }
        guard let hosts = unsafe kept(Array(directHosts.utf8) + [0]).baseAddress else { return }
        let defaults = unsafe transfer_defaults(
            certificates: bundle?.baseAddress,
            certificates_length: bundle?.count ?? 0,
            direct_hosts: hosts.assumingMemoryBound(to: CChar.self),
            connect_timeout: stall * 1000,
            stall_speed: max(1, 1024 / stall),
            stall_seconds: stall,
            admits: { url, address in
                unsafe PeerAddresses.admits(String(cString: address), for: String(cString: url))
                    ? 1 : 0
            }
        )
        _ = unsafe transfer_defaults_set(defaults)
    }

    @unsafe private static func kept(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        unsafe memory.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(memory)
    }
}

extension URLRequest {
    fileprivate init(_ request: Request) {
        self.init(url: request.url)
        for (name, value) in request.headers { setValue(value, forHTTPHeaderField: name) }
        // Digests and ranges are about the bytes as stored.
        setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        httpMethod = request.method
        switch request.content {
        case .bytes(let bytes, let type):
            httpBody = Data(bytes)
            setValue(type, forHTTPHeaderField: "Content-Type")
        case .file: setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
        case nil: break
        }
    }
}
