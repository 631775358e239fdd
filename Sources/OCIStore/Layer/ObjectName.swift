// SPDX-License-Identifier: MIT OR Apache-2.0

/// The name of an object: what its inode holds and carries.
///
/// Hard links share an inode, so files of equal content can share an object only where mode, time
/// and attributes are equal too. Owners are not among them, since all objects belong to the user.
package struct ObjectName: Hashable, Sendable {
    /// SHA-256 over the content's digest and the metadata.
    let digest: Digest

    /// The number of its directory: the digest's first byte.
    var shard: UInt8 { digest.firstByte }

    /// The name of an object whose digest was written down.
    init(_ digest: Digest) {
        self.digest = digest
    }

    /// The name for some content and metadata.
    init(content: Digest, metadata: InodeMetadata) {
        // In one piece: each update of a hash takes a while before its first byte, and a tree has many names.
        var text = Array("cross object 1\n".utf8)
        text += content.hexadecimal
        text.append(number: metadata.appliedMode)
        text.append(number: metadata.time.seconds)
        text.append(number: metadata.time.nanoseconds)
        for attribute in metadata.appliedAttributes {
            text.append(number: UInt32(attribute.name.count))
            text += attribute.name
            text.append(number: UInt32(attribute.value.count))
            text += attribute.value
        }
        self.digest = .of(text)
    }
}

extension [UInt8] {
    /// Adds a number, least significant byte first.
    fileprivate mutating func append(number: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
    }
}
