// SPDX-License-Identifier: MIT OR Apache-2.0

import Download

extension RegistryError {
    /// What a download's failure means for a registry.
    init(_ error: DownloadError, of subject: RegistrySubject) {
        self =
            switch error {
            case .unreachable(let host, let reason): .unreachable(host: host, reason: reason)
            case .interrupted(let host, let reason, let attempts):
                .interrupted(subject, host: host, reason: reason, attempts: attempts)
            case .status(let status, let host, let attempts):
                .status(status, subject, host: host, attempts: attempts)
            case .redirectRefused(let host, let location, let refusal):
                .redirectRefused(subject, host: host, location: location, refusal)
            case .headersTooLarge(let host, let limit):
                .headersTooLarge(subject, host: host, limit: limit)
            case .digestMismatch(let expected, let actual):
                .digestMismatch(subject, expected: expected, actual: actual)
            case .sizeMismatch(let expected, let actual):
                .sizeMismatch(subject, expected: expected, actual: actual)
            case .encoded(let encoding): .encoded(subject, encoding)
            case .certificatesUnreadable(let path, let errno): .certificatesUnreadable(path, errno)
            case .file(let path, let errno): .file(path, errno)
            case .cancelled: .cancelled
            }
    }
}

extension Patience<RegistryError> {
    init(
        subject: RegistrySubject,
        policy: RetryPolicy,
        notice: @escaping @Sendable (RegistryNotice) -> Void
    ) {
        self.init(policy: policy) { retry in
            notice(
                .retrying(subject, host: retry.host, attempt: retry.attempt, after: retry.after)
            )
        } word: {
            RegistryError($0, of: subject)
        }
    }
}
