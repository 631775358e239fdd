// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a client sent.
package struct ReceivedRequest: Sendable {
    package let method: String
    package let target: String
    package let headers: [String: String]
    package let body: String

    /// The target without its query.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The same request for another path.
    package func to(_ path: String) -> ReceivedRequest {
        ReceivedRequest(method: method, target: path, headers: headers, body: body)
    }

    /// The same request for all of it.
    package func withoutRange() -> ReceivedRequest {
        var headers = headers
        headers["range"] = nil
        return ReceivedRequest(method: method, target: target, headers: headers, body: body)
    }

    /// Where a `Range: bytes=N-` header begins; 0 without one.
    package var offset: Int {
        headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
    }
}
