// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Calls on names inside an open directory.
///
/// None follows a symbolic link in the last component, and names are single components or two that
/// this program spelled itself, so nothing leaves the directory.
extension OwnedDescriptor {
    /// Opens a directory inside this one for working in it.
    ///
    /// - Parameter name: of the directory, and not of a link to one.
    /// - Returns: the directory, open for reading.
    /// - Throws: `StoreError.system`, `ENOTDIR` or `ELOOP` where it is something else.
    package func openDirectory(_ name: PathBytes) throws(StoreError) -> OwnedDescriptor {
        try OwnedDescriptor(opening: name, in: self, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// Makes a new file that only its owner may read and write, whatever the umask.
    ///
    /// - Parameter name: of nothing yet.
    /// - Returns: the file, open for writing.
    /// - Throws: `StoreError.system`, `EEXIST` where the name is taken.
    package func makeFile(_ name: PathBytes) throws(StoreError) -> OwnedDescriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL
        let file = try OwnedDescriptor(opening: name, in: self, flags, mode: 0o600)
        try systemCall("fchmod", file.path) { fchmod(file.raw, 0o600) }
        return file
    }

    /// The mode that a new file in this directory has when all bits are asked for.
    ///
    /// - Parameter name: free; free again afterwards.
    /// - Returns: what umask and access control list leave of it.
    /// - Throws: `StoreError.system`.
    func modeOfNewFile(_ name: PathBytes) throws(StoreError) -> UInt32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL
        let file = try OwnedDescriptor(opening: name, in: self, flags, mode: 0o1777)
        let mode = try file.status().st_mode & 0o7777
        try unlink(name)
        return mode
    }

    /// Makes a directory that only its owner may enter, whatever the umask, and opens it.
    ///
    /// - Parameter name: of nothing yet.
    /// - Returns: the directory, open for reading.
    /// - Throws: `StoreError.system`, `EEXIST` where the name is taken.
    package func makeDirectory(_ name: PathBytes) throws(StoreError) -> OwnedDescriptor {
        try unsafe at("mkdirat", name) { unsafe mkdirat(raw, $0, 0o700) }
        do throws(StoreError) {
            return try openDirectory(name)
        } catch {
            // umask(2): it may have taken the owner's own permission away.
            guard error.errno == .permissionDenied else { throw error }
            try changeMode(name, to: 0o700)
            return try openDirectory(name)
        }
    }

    /// Opens a directory inside this one, making it where it is missing.
    ///
    /// - Parameter name: of the directory, which another process may make at the same time.
    /// - Returns: the directory, open for reading; its mode is as it was.
    /// - Throws: `StoreError.system`, `ENOTDIR` or `ELOOP` where it is something else.
    package func openOrMakeDirectory(_ name: PathBytes) throws(StoreError) -> OwnedDescriptor {
        do throws(StoreError) {
            return try openDirectory(name)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
        do throws(StoreError) {
            return try makeDirectory(name)
        } catch {
            // Another process was faster.
            guard error.errno == .fileExists else { throw error }
            return try openDirectory(name)
        }
    }

    /// Whether there is anything of that name.
    ///
    /// - Parameter name: not followed where it is a symbolic link.
    /// - Returns: false also where nobody can tell, as in a directory that may not be searched.
    package func contains(_ name: PathBytes) -> Bool {
        unsafe name.withCString { unsafe faccessat(raw, $0, F_OK, AT_SYMLINK_NOFOLLOW) } == 0
    }

    /// Gives a file of another directory one more name here.
    ///
    /// - Parameters:
    ///   - source: the name that it has; of a symbolic link the link itself gets another.
    ///   - directory: where it has it, in the same file system.
    ///   - name: of nothing yet.
    /// - Throws: `StoreError.system`, `EMLINK` where the file has as many names as it can.
    package func link(
        _ source: PathBytes,
        of directory: borrowing OwnedDescriptor,
        as name: PathBytes
    ) throws(StoreError) {
        let other = directory.raw
        try unsafe at("linkat", name) { target in
            unsafe source.withCString { unsafe linkat(other, $0, raw, target, 0) }
        }
    }

    /// Makes a symbolic link.
    ///
    /// - Parameters:
    ///   - name: of nothing yet.
    ///   - target: any bytes, which nobody looks at.
    /// - Throws: `StoreError.system`.
    package func makeSymbolicLink(_ name: PathBytes, to target: PathBytes) throws(StoreError) {
        try unsafe at("symlinkat", name) { name in
            unsafe target.withCString { unsafe symlinkat($0, raw, name) }
        }
    }

    /// Makes a named pipe.
    ///
    /// - Parameter name: of nothing yet.
    /// - Throws: `StoreError.system`.
    package func makeFIFO(_ name: PathBytes) throws(StoreError) {
        try unsafe at("mkfifoat", name) { unsafe mkfifoat(raw, $0, 0o600) }
    }

    /// Sets the mode of something that is known not to be a symbolic link.
    ///
    /// - Parameters:
    ///   - name: followed where it is one after all.
    ///   - mode: all twelve bits.
    /// - Throws: `StoreError.system`.
    package func changeMode(_ name: PathBytes, to mode: UInt32) throws(StoreError) {
        try unsafe at("fchmodat", name) { unsafe fchmodat(raw, $0, mode, 0) }
    }

    /// Sets the modification time of a name, of the link itself where it is a symbolic link.
    ///
    /// - Parameters:
    ///   - name: of what gets it.
    ///   - time: to the nanosecond, as far as the file system keeps it.
    /// - Throws: `StoreError.system`.
    package func setTime(_ name: PathBytes, _ time: ModificationTime) throws(StoreError) {
        try unsafe at("utimensat", name) { name in
            unsafe time.withTimes { unsafe utimensat(raw, name, $0, AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Moves a name to another directory of the same file system, over what is there.
    ///
    /// - Parameters:
    ///   - source: the name here.
    ///   - directory: where it goes.
    ///   - name: what it is called there.
    /// - Throws: `StoreError.system`, `ENOTEMPTY` where a directory that is not empty is in the way.
    package func rename(
        _ source: PathBytes,
        to directory: borrowing OwnedDescriptor,
        _ name: PathBytes
    ) throws(StoreError) {
        let other = directory.raw
        try unsafe at("renameat", source) { source in
            unsafe name.withCString { unsafe renameat(raw, source, other, $0) }
        }
    }

    /// Removes a name that is not a directory.
    ///
    /// - Parameter name: what becomes of the file is for its other names to say.
    /// - Throws: `StoreError.system`, `ENOENT` where there is nothing of that name.
    package func unlink(_ name: PathBytes) throws(StoreError) {
        try unsafe at("unlinkat", name) { unsafe unlinkat(raw, $0, 0) }
    }

    /// Removes an empty directory.
    ///
    /// - Parameter name: of the directory.
    /// - Throws: `StoreError.system`, `ENOTEMPTY` where it is not empty.
    package func removeDirectory(_ name: PathBytes) throws(StoreError) {
        try unsafe at("unlinkat", name) { unsafe unlinkat(raw, $0, AT_REMOVEDIR) }
    }

    private func at(
        _ call: StaticString,
        _ name: PathBytes,
        _ body: (UnsafePointer<CChar>) -> CInt
    ) throws(StoreError) {
        try systemCall(call, path.appending(name)) { unsafe name.withCString { unsafe body($0) } }
    }
}
