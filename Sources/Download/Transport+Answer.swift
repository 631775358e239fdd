// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation

extension Transport {
    /// Sends a request and sorts what can go wrong into what passes and what lasts.
    ///
    /// A host that never answered in this process is not asked again: a refused certificate or a
    /// wrong name would only cost the user the time of all attempts.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - body: takes the answer's body, also that of an error.
    /// - Returns: the head; its status is none that passes.
    /// - Throws: `.lasting` with `unreachable` or `cancelled`; `.passing`.
    package func answer(
        to request: Request,
        body: any ResponseBody
    ) async throws(AttemptFailure<DownloadError>) -> ResponseHead {
        let host = request.url.authority
        let head: ResponseHead
        do throws(TransferFailure) {
            head = try await send(request, body: body)
        } catch {
            switch error {
            case .cancelled: throw .lasting(.cancelled)
            case .headersTooLarge(let limit):
                throw .lasting(.headersTooLarge(host: host, limit: limit))
            case .inward:
                throw .lasting(
                    .redirectRefused(
                        host: request.origin ?? host,
                        location: request.url.absoluteString,
                        .inward
                    )
                )
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

    /// Sends a request and follows redirects.
    ///
    /// - Parameters:
    ///   - first: what to ask for.
    ///   - policy: where it may lead.
    ///   - body: takes the last answer's body.
    /// - Returns: the last answer's head, and the host that gave it.
    /// - Throws: as `answer`; `.lasting` with `redirectRefused`.
    package func follow(
        _ first: Request,
        policy: RedirectPolicy,
        body: any ResponseBody
    ) async throws(AttemptFailure<DownloadError>) -> (ResponseHead, host: String) {
        var request = first
        for _ in 0...Redirect.limit {
            let head = try await answer(to: request, body: body)
            let host = request.url.authority
            guard Redirect.isRedirect(head.status) else { return (head, host) }
            let location = head["location"] ?? ""
            do throws(RedirectRefusal) {
                request = try Redirect.next(after: request, location: location, policy: policy)
            } catch {
                throw .lasting(.redirectRefused(host: host, location: location, error))
            }
        }
        throw .lasting(
            .redirectRefused(
                host: first.url.authority,
                location: request.url.absoluteString,
                .tooMany
            )
        )
    }

    /// RFC 9110 §15.5.9, RFC 6585 §4, RFC 9110 §15.6.
    private static let passingStatuses: Set = [408, 429, 500, 502, 503, 504]
}

extension URL {
    /// Host and, where it is written, port.
    package var authority: String {
        (host() ?? "") + (port.map { ":\($0)" } ?? "")
    }
}
