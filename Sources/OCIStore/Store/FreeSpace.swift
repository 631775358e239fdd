// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

extension Store {
    /// Refuses what the disk has no room for, before anything of it is fetched.
    ///
    /// What layers take once they are unpacked nobody knows before; they are hardly ever smaller than
    /// what comes.
    ///
    /// - Parameter blobs: what is to be fetched, with sizes in bytes. What is there of one already
    ///   counts.
    /// - Throws: `StoreError.noRoom`, `StoreError.system`.
    package func requireRoom(for blobs: [(digest: Digest, size: Int64)]) throws(StoreError) {
        var needed: Int64 = 0
        for blob in blobs {
            // A lock's text may claim any size.
            let missing = max(0, max(0, blob.size) - downloaded(blob.digest))
            let sum = needed.addingReportingOverflow(missing)
            needed = sum.overflow ? .max : sum.partialValue
        }
        guard let free = try freeSpace(), free < needed else { return }
        throw .noRoom(path, needed: needed, free: free)
    }

    /// Bytes that this user may still fill; `nil` where the file system does not count them.
    ///
    /// Source: statvfs(3).
    private func freeSpace() throws(StoreError) -> Int64? {
        var status = statvfs()
        try systemCall("statvfs", path) {
            unsafe path.withPlatformString { unsafe statvfs($0, &status) }
        }
        guard status.f_blocks > 0 else { return nil }
        let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return free.overflow ? nil : Int64(clamping: free.partialValue)
    }

    /// Bytes of a blob that came before and are kept.
    private func downloaded(_ digest: Digest) -> Int64 {
        var status = stat()
        let found = unsafe downloadPath(digest).withPlatformString { unsafe lstat($0, &status) }
        return found == 0 ? Int64(status.st_size) : 0
    }
}
