// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation
import Synchronization

/// The status and headers of an answer.
package struct ResponseHead: Sendable {
    /// The three digits.
    package let status: Int
    private let fields: [String: String]

    /// Names and values, in bytes.
    var size: Int { fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } }
    /// How many there are.
    var count: Int { fields.count }

    init(status: Int, fields: [String: String]) {
        self.status = status
        self.fields = Dictionary(
            fields.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// A header's value, by its lower-case name.
    package subscript(name: String) -> String? { fields[name] }
}

/// Where an answer's body goes, chunk by chunk; called by one thread at a time.
package protocol ResponseBody: Sendable {
    /// Decides on the head whether the body is wanted.
    ///
    /// - Parameter head: of this answer; what came of an answer before is over.
    /// - Returns: false where nothing of it is, and the answer ends.
    func begin(_ head: ResponseHead) -> Bool
    /// Takes a chunk.
    ///
    /// - Parameter chunk: the bytes after those of the last one.
    /// - Returns: whether more is wanted; the answer ends where it is not.
    func append(_ chunk: Data) -> Bool
}

/// Why no whole answer came.
package enum TransferFailure: Error {
    /// The host could not be found or connected to; the TLS handshake failed.
    case unreachable(String)
    /// The connection broke, or too few bytes came.
    case interrupted(String)
    /// The answer's headers are more than these bytes, or too many.
    case headersTooLarge(limit: Int)
    /// The host's name leads to this machine or a private network, where it must not.
    case inward
    /// The task that waits was cancelled.
    case cancelled
}

/// One request under way: joins the delegate's calls to the task that waits.
final class Transfer: Sendable {
    typealias Outcome = Result<ResponseHead, TransferFailure>

    private struct State {
        var head: ResponseHead?
        var outcome: Outcome?
        var waiting: CheckedContinuation<Outcome, Never>?
    }

    /// Whether the head of an answer has come.
    var isAnswered: Bool { state.withLock { $0.head != nil } }

    private let state = Mutex(State())
    private let body: any ResponseBody

    init(body: any ResponseBody) {
        self.body = body
    }

    func begin(_ head: ResponseHead) {
        let isAwaited = state.withLock { state in
            state.head = head
            return state.outcome == nil
        }
        if isAwaited, !body.begin(head) { finish(.success(head)) }
    }

    func append(_ chunk: Data) {
        let head = state.withLock { $0.outcome == nil ? $0.head : nil }
        if let head, !body.append(chunk) { finish(.success(head)) }
    }

    /// The network library has come to an end, well or not.
    func complete(_ error: URLError?) {
        let head = state.withLock { $0.head }
        switch (error, head) {
        case (nil, let head?): finish(.success(head))
        case (nil, nil): finish(.failure(.interrupted("no answer")))
        case (let error?, let head): finish(.failure(Self.failure(error, answered: head != nil)))
        }
    }

    func finish(_ outcome: Outcome) {
        let waiting = state.withLock { state in
            guard state.outcome == nil else { return nil as CheckedContinuation<Outcome, Never>? }
            state.outcome = outcome
            return state.waiting.take()
        }
        waiting?.resume(returning: outcome)
    }

    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiting = continuation }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    /// URLSession on Linux tells few of libcurl's failures apart; the rest is `.unknown`.
    private static func failure(_ error: URLError, answered: Bool) -> TransferFailure {
        let reason = error.localizedDescription
        switch error.code {
        case .cannotConnectToHost, .cannotFindHost, .badURL, .unsupportedURL:
            return .unreachable(reason)
        case .timedOut, .networkConnectionLost, .badServerResponse:
            return .interrupted(reason)
        default:
            return answered ? .interrupted(reason) : .unreachable(reason)
        }
    }
}
