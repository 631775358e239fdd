// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A terminal at which the test sits.
final class Terminal {
    /// The path of its other end.
    let name: String
    private let descriptor: FileDescriptor
    private var seen = ""

    init() throws {
        let mode: FileDescriptor.OpenOptions = [.closeOnExec, .nonBlocking]
        descriptor = try FileDescriptor.open("/dev/ptmx", .readWrite, options: mode)
        // ioctl_tty(2), TIOCSPTLCK and TIOCGPTN: unlock the other end, and ask for its number.
        var number: CInt = 0
        let unlocked = unsafe ioctl(descriptor.rawValue, 0x4004_5431, &number)
        let named = unsafe ioctl(descriptor.rawValue, 0x8004_5430, &number)
        name = "/dev/pts/\(number)"
        try #require(unlocked == 0 && named == 0, "no terminal to be had")
    }

    deinit {
        try? descriptor.close()
    }

    /// Types.
    func type(_ text: String) {
        _ = try? descriptor.writeAll(text.utf8)
    }

    /// What has been written to it so far.
    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while let count = try? unsafe buffer.withUnsafeMutableBytes({
            try unsafe descriptor.read(into: $0)
        }), count > 0 {
            seen += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return seen
    }

    /// Waits until something has been written to it.
    func reads(_ text: String) -> Bool {
        eventually { read().contains(text) }
    }
}
