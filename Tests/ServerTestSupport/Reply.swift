// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a server does in return.
package struct Reply: Sendable {
    package enum Ending {
        case close
        case reset
        /// Closes without a word, not even a head.
        case silence
        /// Sends nothing more, and waits for the client to go.
        case stall
        /// Sends zeros until the client goes.
        case endless
        /// Sends a byte now and then until the client goes.
        case trickle
    }

    package var status = 200
    package var headers: [String: String] = [:]
    package var body: [UInt8] = []
    /// What `Content-Length` says; `nil` sends none.
    package var length: Int?
    package var ending = Ending.close

    package init(
        _ status: Int = 200,
        headers: [String: String] = [:],
        body: [UInt8] = [],
        ending: Ending = .close
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.length = body.count
        self.ending = ending
    }

    /// The rest of `bytes` that a request asks for.
    package static func range(of bytes: [UInt8], for request: ReceivedRequest) -> Reply {
        let offset = request.offset
        guard offset > 0 else { return Reply(body: bytes) }
        return Reply(
            206,
            headers: ["Content-Range": "bytes \(offset)-\(bytes.count - 1)/\(bytes.count)"],
            body: Array(bytes[offset...])
        )
    }

    /// The same, but after so many bytes of the body the server does something else.
    package func cut(at count: Int, _ ending: Ending) -> Reply {
        var reply = self
        reply.body = Array(body.prefix(count))
        reply.ending = ending
        return reply
    }
}
