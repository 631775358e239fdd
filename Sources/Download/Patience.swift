// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why one attempt at a request brought nothing.
package enum AttemptFailure<Lasting: Error>: Error {
    /// Another attempt would end the same.
    case lasting(Lasting)
    /// It may pass; the server may have said after what time.
    case passing(PassingFailure, host: String, after: Duration?)

    /// The same in another module's words.
    ///
    /// - Parameter word: finds them.
    /// - Returns: the failure with what lasts worded anew.
    package func mapped<Other: Error>(
        _ word: (Lasting) -> Other
    ) -> AttemptFailure<Other> {
        switch self {
        case .lasting(let error): .lasting(word(error))
        case .passing(let failure, let host, let after):
            .passing(failure, host: host, after: after)
        }
    }
}

/// What may not happen again.
package enum PassingFailure: Sendable {
    /// The host answered with this HTTP status.
    case status(Int)
    /// The connection broke or stalled, in the network library's words.
    case interrupted(String)
}

/// A request that failed in a way that passes and is made again.
package struct Retry: Sendable {
    /// Of whom it is asked.
    package let host: String
    /// Counts from 1; the next one.
    package let attempt: Int
    /// The time until then.
    package let after: Duration
}

/// How often and how long a request is tried.
package struct Patience<Failure: Error> {
    private let policy: RetryPolicy
    private let notice: @Sendable (Retry) -> Void
    private let word: @Sendable (DownloadError) -> Failure
    private var failures = 0

    /// Full patience.
    ///
    /// - Parameters:
    ///   - policy: bounds it.
    ///   - notice: told before each pause.
    ///   - word: says in the caller's words what its end is.
    package init(
        policy: RetryPolicy,
        notice: @escaping @Sendable (Retry) -> Void,
        word: @escaping @Sendable (DownloadError) -> Failure
    ) {
        self.policy = policy
        self.notice = notice
        self.word = word
    }

    /// The attempt before brought something: failures count anew.
    package mutating func renew() {
        failures = 0
    }

    /// Waits for the next attempt, or throws where there is to be none.
    ///
    /// - Parameter failure: of the attempt before.
    /// - Throws: what lasts, or what did not pass in as many attempts as there may be.
    package mutating func wait(
        after failure: AttemptFailure<Failure>
    ) async throws(Failure) {
        switch failure {
        case .lasting(let error): throw error
        case .passing(let passing, let host, let after):
            failures += 1
            guard failures < policy.attempts else { throw word(error(passing, host: host)) }
            let pause = pause(asked: after)
            notice(Retry(host: host, attempt: failures + 1, after: pause))
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw word(.cancelled)
            }
        }
    }

    private func error(_ passing: PassingFailure, host: String) -> DownloadError {
        switch passing {
        case .status(let status): .status(status, host: host, attempts: failures)
        case .interrupted(let reason):
            .interrupted(host: host, reason: reason, attempts: failures)
        }
    }

    /// What the server asks for within bounds; else 1, 2, 4 … times the first pause, less up to half.
    private func pause(asked: Duration?) -> Duration {
        if let asked { return min(max(asked, .zero), policy.longestPause) }
        let doubled = policy.firstPause * Double(1 << min(failures - 1, 16))
        return min(doubled, policy.longestPause) * Double.random(in: 0.5...1)
    }
}

/// How often a request that fails in passing is made, and how far apart.
public struct RetryPolicy: Sendable {
    /// Attempts in a row that bring nothing.
    public var attempts: Int
    /// The pause after the first; each further one is twice as long.
    public var firstPause: Duration
    /// No pause is longer, whatever a server asks for.
    public var longestPause: Duration

    /// A policy of the given measures.
    ///
    /// - Parameters:
    ///   - attempts: at least 1.
    ///   - firstPause: shortened at random by up to half.
    ///   - longestPause: bounds `Retry-After`, too.
    public init(
        attempts: Int = 5,
        firstPause: Duration = .seconds(1),
        longestPause: Duration = .seconds(60)
    ) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }
}
