// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A registry on 127.0.0.1 that misbehaves as it is told, and remembers what it was asked.
///
/// It speaks HTTP/1.1 without TLS, one request per connection, at the IPv4 or the IPv6 address. `/v2/` is
/// answered with 200, so that clients take it for a registry.
package final class ScriptedServer: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let log = Log()

    private final class Log: Sendable {
        let requests = Mutex<[ReceivedRequest]>([])
    }

    package init(
        version6: Bool = false,
        _ answer: @escaping @Sendable (ReceivedRequest) -> Reply
    ) throws {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        listener = socket(version6 ? AF_INET6 : AF_INET, kind, 0)
        let bound =
            version6
            ? Self.listen(listener, sockaddr_in6.loopback)
            : Self.listen(listener, sockaddr_in.loopback)
        guard let bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = bound
        let listener = listener
        let log = log
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread {
                    Self.serve(Connection(connection), log: log, answer)
                }
            }
        }
    }

    /// Binds to a loopback address, and says to which port.
    private static func listen(_ listener: Int32, _ address: some LoopbackAddress) -> UInt16? {
        var address = address
        var length = socklen_t(MemoryLayout.size(ofValue: address))
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, length) + Glibc.listen(listener, 64)
                    + getsockname(listener, address, &length)
            }
        }
        return status == 0 ? UInt16(bigEndian: address.networkPort) : nil
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// All requests but the question whether this is a registry.
    package var requests: [ReceivedRequest] { log.requests.withLock { $0 } }

    private static func serve(
        _ connection: consuming Connection,
        log: Log,
        _ answer: (ReceivedRequest) -> Reply
    ) {
        guard let request = connection.request() else { return }
        let isProbe = request.target == "/v2/"
        if !isProbe { log.requests.withLock { $0.append(request) } }
        connection.send(isProbe ? Reply() : answer(request))
    }
}

/// One accepted connection, closed with its owner.
private struct Connection: ~Copyable {
    private let socket: Int32

    init(_ socket: Int32) {
        self.socket = socket
    }

    deinit {
        close(socket)
    }

    /// `nil` for a TLS handshake, and for a client that goes away.
    func request() -> ReceivedRequest? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while bytes.suffix(4) != end[...] {
            guard let byte = read(1).first, bytes.first ?? byte != 0x16 else { return nil }
            bytes.append(byte)
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].components(separatedBy: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        var body: [UInt8] = []
        while body.count < Int(headers["content-length"] ?? "0") ?? 0 {
            let more = read(4096)
            guard !more.isEmpty else { return nil }
            body += more
        }
        return ReceivedRequest(
            method: words[0],
            target: words.count > 1 ? words[1] : "",
            headers: headers,
            body: String(decoding: body, as: UTF8.self)
        )
    }

    func send(_ reply: Reply) {
        guard reply.ending != .silence else { return }
        var head = "HTTP/1.1 \(reply.status) Scripted\r\nConnection: close\r\n"
        if let length = reply.length { head += "Content-Length: \(length)\r\n" }
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        _ = write(Array("\(head)\r\n".utf8)) && write(reply.body)
        switch reply.ending {
        case .close, .silence:
            break
        case .reset:
            // socket(7): closing with a zero linger time sends RST.
            var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(
                socket,
                SOL_SOCKET,
                SO_LINGER,
                &linger,
                socklen_t(MemoryLayout<Glibc.linger>.size)
            )
            // What is under way should arrive first.
            usleep(20_000)
        case .stall:
            while !read(1).isEmpty {}
        case .endless:
            while write([UInt8](repeating: 0, count: 1 << 16)) {}
        case .trickle:
            while write([0]) { usleep(100_000) }
        }
    }

    private func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe recv(socket, &bytes, count, 0)
        return Array(bytes.prefix(max(0, got)))
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    socket,
                    buffer.baseAddress,
                    buffer.count,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}

/// This machine, as a socket is bound to it.
private protocol LoopbackAddress {
    static var loopback: Self { get }
    var networkPort: in_port_t { get }
}

extension sockaddr_in: LoopbackAddress {
    fileprivate static var loopback: sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    fileprivate var networkPort: in_port_t { sin_port }
}

extension sockaddr_in6: LoopbackAddress {
    fileprivate static var loopback: sockaddr_in6 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return address
    }

    fileprivate var networkPort: in_port_t { sin6_port }
}
