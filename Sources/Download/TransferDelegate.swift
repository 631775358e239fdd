// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// Hands each call of the session to the transfer it is about.
///
/// `@unchecked` because NSObject is not Sendable; the only state is a `Mutex`.
final class TransferDelegate: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let transfers = Mutex<[Int: Transfer]>([:])
    private let limits: HeaderLimits

    init(limits: HeaderLimits) {
        self.limits = limits
    }

    /// Cancels elsewhere, as that waits for the session's queue, which may be waiting for this one;
    /// and not on the tasks' own threads, which may all be busy.
    static func cancel(_ task: URLSessionTask) {
        DispatchQueue.global().async { task.cancel() }
    }

    func register(_ transfer: Transfer, for task: URLSessionTask) {
        transfers.withLock { $0[task.taskIdentifier] = transfer }
    }

    func remove(_ task: URLSessionTask) {
        transfers.withLock { $0[task.taskIdentifier] = nil }
    }

    private func transfer(of task: URLSessionTask) -> Transfer? {
        transfers.withLock { $0[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        if let transfer = transfer(of: dataTask), let head = ResponseHead(response) {
            if head.size <= limits.bytes, head.count <= limits.count {
                transfer.begin(head)
            } else {
                transfer.finish(.failure(.headersTooLarge(limit: limits.bytes)))
                Self.cancel(dataTask)
            }
        } else {
            // Nobody waits any more.
            Self.cancel(dataTask)
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        transfer(of: dataTask)?.append(data)
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didCompleteWithError error: (any Error)?
    ) {
        transfer(of: task)?.complete(error.map { $0 as? URLError ?? URLError(.unknown) })
    }

    /// Never follows: the answer is the client's to read, which builds each request anew.
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    /// Ends the transfer: the answer is the client's to read.
    ///
    /// The session would otherwise wait for credentials for ever. The completion handler waits for
    /// the very queue this runs on and is not called: who waits for the transfer cancels the task.
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didReceive challenge: URLAuthenticationChallenge,
        completionHandler:
            @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        transfer(of: task)?.complete(nil)
    }
}

extension ResponseHead {
    fileprivate init?(_ response: URLResponse) {
        guard let response = response as? HTTPURLResponse else { return nil }
        var fields: [String: String] = [:]
        for case (let name as String, let value as String) in response.allHeaderFields {
            fields[name] = value
        }
        self.init(status: response.statusCode, fields: fields)
    }
}
