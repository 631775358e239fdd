// SPDX-License-Identifier: MIT OR Apache-2.0

package import SystemPackage

/// A path, or a part of one, as system calls take it.
///
/// Shape: any bytes but NUL, then one NUL. `String` is never involved: it equates, splits and
/// prefixes by Characters, so a combining mark after a slash or a dot would hide it.
package struct PathBytes: Hashable, Sendable {
    /// The bytes with their closing NUL.
    fileprivate let storage: [UInt8]

    /// A path of the given bytes; `nil` where a NUL is among them.
    ///
    /// - Parameter bytes: of any length, which the kernel judges.
    package init?(_ bytes: some Collection<UInt8>) {
        self.init(Array(bytes)[...])
    }

    /// The same, compiled for parts of what is at hand.
    package init?(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.contains(0) else { return nil }
        var storage: [UInt8] = []
        storage.reserveCapacity(bytes.count + 1)
        storage.append(contentsOf: bytes)
        storage.append(0)
        self.storage = storage
    }

    /// The bytes without the closing NUL.
    package var bytes: ArraySlice<UInt8> { storage.dropLast() }

    /// The number of bytes without the closing NUL.
    package var count: Int { storage.count - 1 }

    /// The path of a name, or of several, inside this directory.
    ///
    /// - Parameter name: not looked at: `..` leads up, and a slash in front changes nothing.
    /// - Returns: both with a slash between them.
    package func appending(_ name: PathBytes) -> PathBytes {
        PathBytes(joined: storage.dropLast() + [UInt8(ascii: "/")] + name.storage)
    }

    private init(joined storage: [UInt8]) {
        self.storage = storage
    }

    /// The path as C takes it.
    ///
    /// - Parameter body: is given bytes that end in NUL and live as long as it runs.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe storage.withUnsafeBufferPointer { buffer throws(Failure) in
            // The storage is never empty, so the buffer has an address.
            let start = unsafe UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped)
            return try unsafe body(start.assumingMemoryBound(to: CChar.self))
        }
    }
}

extension PathBytes: ExpressibleByStringLiteral {
    /// A path that this program spells itself.
    package init(stringLiteral text: StaticString) {
        self.storage = text.withUTF8Buffer { unsafe Array($0) + [0] }
    }
}

extension PathBytes {
    /// A path of digits and this program's own words, none of which can hold a NUL.
    package init(spelled text: String) {
        self.storage = Array(text.utf8) + [0]
    }

    /// The same in bytes.
    package init(spelled text: [UInt8]) {
        self.storage = text + [0]
    }
}

extension FilePath {
    /// This path with a component of any bytes at its end; for messages and for opening.
    ///
    /// - Parameter name: one component or several, normalised as `FilePath` does it.
    /// - Returns: a path of the same kind.
    package func appending(_ name: PathBytes) -> FilePath {
        let other = unsafe name.withCString { unsafe FilePath(platformString: $0) }
        return appending(other.components)
    }
}
