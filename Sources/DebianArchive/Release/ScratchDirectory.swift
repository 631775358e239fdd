// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import SystemPackage

/// A new directory that only this user can look into, and that goes away with its owner.
struct ScratchDirectory: ~Copyable {
    let path: FilePath

    init(in parent: FilePath) throws(ReleaseFault) {
        let name = "cross-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let path = parent.appending(name)
        do throws(StoreError) {
            try systemCall("mkdir", path) {
                unsafe path.withPlatformString { unsafe mkdir($0, 0o700) }
            }
        } catch {
            throw .scratch(path, error.errno ?? .ioError)
        }
        self.path = path
    }

    /// Finds out whether another program could write here, which does not tell why it could not.
    ///
    /// - Parameter count: in bytes.
    /// - Throws: `ReleaseFault.scratch`.
    func requireRoom(for count: Int) throws(ReleaseFault) {
        let file = path.appending("room")
        do throws(StoreError) {
            try OwnedDescriptor(opening: file, O_WRONLY | O_CREAT | O_NOFOLLOW, mode: 0o600)
                .write([UInt8](repeating: 0, count: count))
        } catch {
            throw .scratch(file, error.errno ?? .ioError)
        }
    }

    deinit {
        guard let directory = try? OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY),
            (try? directory.removeContents()) != nil
        else { return }
        _ = unsafe path.withPlatformString { unsafe rmdir($0) }
    }
}
