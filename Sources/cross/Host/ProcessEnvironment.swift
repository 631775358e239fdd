// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// The environment the program was started with.
struct ProcessEnvironment {
    /// By name; of a name that is there twice the first counts, as for getenv(3).
    private(set) var variables: [String: String] = [:]
    /// The names of those that are not UTF-8, whose value in `variables` is not quite their own.
    private(set) var foreign: Set<String> = []

    /// The environment of this process.
    static func current() -> ProcessEnvironment {
        var result = ProcessEnvironment()
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let (name, value) = unsafe split(String(cString: text))
            if result.variables[name] == nil {
                result.variables[name] = value
                if unsafe String(validatingCString: text) == nil { result.foreign.insert(name) }
            }
            unsafe entry += 1
        }
        return result
    }

    /// The arguments as the kernel has them, the program's own name first.
    static var rawArguments: [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { index in
            unsafe CommandLine.unsafeArgv[index].map { argument in
                unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
            }
        }
    }

    private static func split(_ entry: String) -> (String, String) {
        guard let equals = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (entry, "") }
        return (String(entry[..<equals]), String(entry[entry.utf8.index(after: equals)...]))
    }
}
