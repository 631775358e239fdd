// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto

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
        var hash = SHA256()
        hash.update(data: Array("cross object 1\n".utf8))
        hash.update(data: content.hexadecimal)
        hash.update(metadata.appliedMode)
        hash.update(metadata.time.seconds)
        hash.update(metadata.time.nanoseconds)
        for attribute in metadata.appliedAttributes {
            hash.update(UInt32(attribute.name.count))
            hash.update(data: attribute.name)
            hash.update(UInt32(attribute.value.count))
            hash.update(data: attribute.value)
        }
        self.digest = Digest(hash.finalize())
    }
}

extension SHA256 {
    /// Adds a number, least significant byte first.
    fileprivate mutating func update(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe update(bufferPointer: $0) }
    }
}
