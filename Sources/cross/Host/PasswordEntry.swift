// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: fgetpwent_r(3), getpwuid_r(3).

import Glibc
import SystemPackage

/// What the user database says of somebody.
struct PasswordEntry {
    let name: String
    let home: FilePath

    private static let bufferSize = 4096

    /// The entry of the user that runs this program; `nil` where there is none.
    ///
    /// The file is asked first: most users are in it, and the name service connects to daemons.
    static func ofCaller() -> PasswordEntry? {
        inFile(getuid()) ?? inNameService(getuid())
    }

    private static func inFile(_ user: uid_t) -> PasswordEntry? {
        guard let file = unsafe fopen("/etc/passwd", "re") else { return nil }
        defer { unsafe fclose(file) }
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        // The entry points into it, so it must stay where it is.
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: bufferSize)
        defer { unsafe buffer.deallocate() }
        while unsafe fgetpwent_r(file, &entry, buffer, bufferSize, &found) == 0 {
            if let found = unsafe found, unsafe found.pointee.pw_uid == user {
                return unsafe PasswordEntry(found.pointee)
            }
        }
        return nil
    }

    private static func inNameService(_ user: uid_t) -> PasswordEntry? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        // The entry points into it, so it must stay where it is.
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: bufferSize)
        defer { unsafe buffer.deallocate() }
        guard unsafe getpwuid_r(user, &entry, buffer, bufferSize, &found) == 0,
            let found = unsafe found
        else { return nil }
        return unsafe PasswordEntry(found.pointee)
    }

    private init(_ entry: passwd) {
        name = unsafe String(cString: entry.pw_name)
        home = unsafe FilePath(platformString: entry.pw_dir)
    }
}
