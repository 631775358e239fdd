// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: unix(7).

import Foundation
import Glibc

/// Messages over a socket, each behind its length in eight bytes.
struct Frames: Sendable {
    /// A release file of 16 MiB in base64, and what surrounds it.
    private static let limit = 32 << 20

    let socket: Int32

    /// Sends a message; false where nobody reads any more.
    func send(_ message: some Encodable) -> Bool {
        guard let body = try? JSONEncoder().encode(message) else { return false }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: body.count >> ($0 * 8)) }
        return send(length) && send(Array(body))
    }

    /// Waits for a message; `nil` at the end, and for anything that is none.
    func receive<Message: Decodable>(_ type: Message.Type) -> Message? {
        guard let head = receive(8) else { return nil }
        let length = head.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        guard length <= Self.limit, let body = receive(Int(length)) else { return nil }
        return try? JSONDecoder().decode(type, from: Data(body))
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    private func receive(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var position = 0
        while position < count {
            let got = unsafe bytes[position...].withUnsafeMutableBytes { buffer in
                unsafe recv(socket, buffer.baseAddress, buffer.count, 0)
            }
            guard got > 0 || (got < 0 && errno == EINTR) else { return nil }
            position += max(0, got)
        }
        return bytes
    }
}
