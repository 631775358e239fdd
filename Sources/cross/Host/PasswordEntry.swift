// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: getpwuid_r(3).

import Glibc
import SystemPackage

/// What the user database says of somebody.
struct PasswordEntry {
    let name: String
    let home: FilePath

    /// The entry of the user that runs this program; `nil` where there is none.
    static func ofCaller() -> PasswordEntry? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        let status = unsafe getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found)
        guard status == 0, let found = unsafe found else { return nil }
        return unsafe PasswordEntry(
            name: String(cString: found.pointee.pw_name),
            home: FilePath(platformString: found.pointee.pw_dir)
        )
    }
}
