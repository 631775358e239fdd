// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why one attempt at a request brought nothing.
enum AttemptFailure: Error {
    /// Another attempt would end the same.
    case lasting(RegistryError)
    /// It may pass; the server may have said after what time.
    case passing(Passing, host: String, after: Duration?)

    enum Passing {
        case status(Int)
        case interrupted(String)
    }
}

/// How often and how long a request is tried.
struct Patience {
    let subject: RegistrySubject
    let policy: RetryPolicy
    let notice: @Sendable (RegistryNotice) -> Void
    private var failures = 0

    init(
        subject: RegistrySubject,
        policy: RetryPolicy,
        notice: @escaping @Sendable (RegistryNotice) -> Void
    ) {
        self.subject = subject
        self.policy = policy
        self.notice = notice
    }

    /// The attempt before brought something: failures count anew.
    mutating func renew() {
        failures = 0
    }

    /// Waits for the next attempt, or throws where there is to be none.
    mutating func wait(after failure: AttemptFailure) async throws(RegistryError) {
        switch failure {
        case .lasting(let error): throw error
        case .passing(let passing, let host, let after):
            failures += 1
            guard failures < policy.attempts else { throw error(passing, host: host) }
            let pause = pause(asked: after)
            notice(.retrying(subject, host: host, attempt: failures + 1, after: pause))
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw .cancelled
            }
        }
    }

    private func error(_ passing: AttemptFailure.Passing, host: String) -> RegistryError {
        switch passing {
        case .status(let status): .status(status, subject, host: host, attempts: failures)
        case .interrupted(let reason):
            .interrupted(subject, host: host, reason: reason, attempts: failures)
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
