// SPDX-License-Identifier: MIT OR Apache-2.0

import CLinux
import Glibc
import SystemPackage

extension OwnedDescriptor {
    /// Gives the open file or directory what a layer says of it; the owner stays who it is.
    ///
    /// The mode comes last but for the time: it may take away what the calls before need.
    func apply(_ metadata: InodeMetadata) throws(StoreError) {
        for attribute in metadata.appliedAttributes {
            try set(attribute)
        }
        try systemCall("fchmod", path) { fchmod(raw, metadata.appliedMode) }
        try apply(metadata.time)
    }

    /// Gives the open file or directory a modification time.
    func apply(_ time: ModificationTime) throws(StoreError) {
        try systemCall("futimens", path) { unsafe time.withTimes { unsafe futimens(raw, $0) } }
    }

    private func set(_ attribute: ExtendedAttribute) throws(StoreError) {
        guard let name = PathBytes(attribute.name) else { return }
        do throws(StoreError) {
            try systemCall("fsetxattr", path) {
                unsafe name.withCString { name in
                    unsafe attribute.value.withUnsafeBytes {
                        unsafe fsetxattr(raw, name, $0.baseAddress, $0.count, 0)
                    }
                }
            }
        } catch {
            // setxattr(2): a file system without user attributes still holds a usable tree; the
            // layer's index keeps the attribute.
            guard error.errno == .notSupported else { throw error }
        }
    }
}

extension OwnedDescriptor {
    /// Mode, time and attributes of the open file, as `apply` would give them to another.
    func metadata() throws(StoreError) -> InodeMetadata {
        let status = try status()
        return InodeMetadata(
            mode: status.st_mode,
            time: ModificationTime(
                seconds: Int64(status.st_mtim.tv_sec),
                nanoseconds: Int64(status.st_mtim.tv_nsec)
            ),
            attributes: try attributes()
        )
    }

    /// The attributes of the open file, in the file system's order.
    func attributes() throws(StoreError) -> [ExtendedAttribute] {
        let names = try unsafe bytes("flistxattr") { unsafe flistxattr(raw, $0, $1) }
        return try names.split(separator: 0).map { name throws(StoreError) in
            let value = try unsafe bytes("fgetxattr") { buffer, size in
                unsafe PathBytes(name)?.withCString { unsafe fgetxattr(raw, $0, buffer, size) } ?? 0
            }
            return ExtendedAttribute(name: Array(name), value: value)
        }
    }

    /// Asks a call for the size of its answer, then for the answer.
    private func bytes(
        _ call: StaticString,
        _ body: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws(StoreError) -> [UInt8] {
        let size = try systemCall(call, path) { body(nil, 0) }
        var bytes = [CChar](repeating: 0, count: size)
        let count = try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(StoreError) in
            try systemCall(call, path) { unsafe body(buffer.baseAddress, buffer.count) }
        }
        return bytes.prefix(count).map { UInt8(bitPattern: $0) }
    }
}
