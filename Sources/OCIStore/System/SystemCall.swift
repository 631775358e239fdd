// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
package import SystemPackage

/// Makes a system call, again where a signal interrupted it.
///
/// - Parameters:
///   - name: of the call, for the error.
///   - path: what it works on, for the error.
///   - body: makes the call; -1 means that `errno` says why it failed.
/// - Returns: what the call returned.
/// - Throws: `StoreError.system`.
@discardableResult
package func systemCall<Result: SignedInteger>(
    _ name: StaticString,
    _ path: @autoclosure () -> FilePath,
    _ body: () -> Result
) throws(StoreError) -> Result {
    while true {
        let result = body()
        guard result == -1 else { return result }
        let code = Errno(rawValue: errno)
        guard code == .interrupted else {
            throw .system(call: "\(name)", path: path(), code)
        }
    }
}
