// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: execvp(3), "Special semantics for execlp() and execvp()".

/// Where a program may be, in order.
///
/// - Parameters:
///   - program: a path, which is taken as it is, or a name.
///   - environment: its `PATH` says where to look for a name; an empty element is the working
///     directory.
/// - Returns: paths inside the sandbox; none for an empty name.
package func candidates(for program: String, in environment: [String]) -> [String] {
    if program.utf8.isEmpty { return [] }
    if program.utf8.contains(UInt8(ascii: "/")) { return [program] }
    let name = "PATH="
    let path = environment.first { $0.utf8.starts(with: name.utf8) }
        .map { Array($0.utf8.dropFirst(name.utf8.count)) }
    let directories = path ?? Array("/usr/bin:/bin".utf8)
    return directories.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
        ($0.isEmpty ? "." : String(decoding: $0, as: UTF8.self)) + "/" + program
    }
}

extension SandboxSpec {
    /// The program, once it is certain that C can be given all strings.
    ///
    /// - Throws: `SandboxError.noArguments` and `.zeroByte`.
    package var program: String {
        get throws(SandboxError) {
            guard let program = arguments.first else { throw .noArguments }
            for text in arguments + environment + [hostname] where text.utf8.contains(0) {
                throw .zeroByte(text)
            }
            return program
        }
    }
}
