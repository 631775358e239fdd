// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

extension Transport {
    /// Sends a request and sorts what can go wrong into what passes and what lasts.
    ///
    /// A host that never answered in this process is not asked again: a refused certificate or a
    /// wrong name would only cost the user the time of all attempts.
    func answer(
        to request: Request,
        body: any ResponseBody
    ) async throws(AttemptFailure) -> ResponseHead {
        let host = request.url.authority
        let head: ResponseHead
        do throws(TransferFailure) {
            head = try await send(request, body: body)
        } catch {
            switch error {
            case .cancelled: throw .lasting(.cancelled)
            case .interrupted(let reason), .unreachable(let reason):
                guard hasAnswered(host) else {
                    throw .lasting(.unreachable(host: host, reason: reason))
                }
                throw .passing(.interrupted(reason), host: host, after: nil)
            }
        }
        noteAnswer(of: host)
        guard Self.passingStatuses.contains(head.status) else { return head }
        let after = head["retry-after"].flatMap { retryAfter($0, now: Date()) }
        throw .passing(.status(head.status), host: host, after: after)
    }

    /// RFC 9110 §15.5.9, RFC 6585 §4, RFC 9110 §15.6.
    private static let passingStatuses: Set = [408, 429, 500, 502, 503, 504]
}

extension URL {
    /// Host and, where it is written, port.
    var authority: String {
        (host() ?? "") + (port.map { ":\($0)" } ?? "")
    }
}
