// SPDX-License-Identifier: MIT OR Apache-2.0

import CSystemCallFilter
import Foundation

// Writes every filter of system calls as Swift: embed-filters OUTPUT. Each instruction is one number,
// from the highest bits: code (16), jump if true (8), jump if false (8), operand (32).
let arguments = CommandLine.arguments
guard arguments.count == 2 else { fatalError("usage: embed-filters OUTPUT") }

/// A program of libseccomp's, as a list in Swift.
func list(_ build: (UnsafeMutablePointer<sock_filter>?) -> CInt) -> String {
    let room = Int(BPF_MAXINSNS)
    let filter = unsafe [sock_filter](unsafeUninitializedCapacity: room) { buffer, count in
        let length = unsafe build(buffer.baseAddress)
        guard length > 0 else { fatalError("libseccomp: errno \(errno)") }
        count = Int(length)
    }
    let numbers = filter.map { instruction in
        let number =
            UInt64(instruction.code) << 48 | UInt64(instruction.jt) << 40
            | UInt64(instruction.jf) << 32 | UInt64(instruction.k)
        return "0x" + String(number, radix: 16)
    }
    return "[" + numbers.joined(separator: ", ") + "]"
}

/// Everything for one architecture.
func filters(_ architecture: system_call_architecture) -> String {
    let prefix = unsafe list { unsafe build_prefix(architecture, $0) }
    let rules = (0..<UInt32(FILTER_OPTIONS.rawValue)).map { options in
        unsafe list { unsafe build_filter(architecture, options, $0) }
    }
    let extras = (0..<EXTRAS.rawValue).map { extra in
        unsafe list { unsafe build_extra_filter(architecture, system_call_extra(extra), $0) }
    }
    return """
            static let prefix: [UInt64] = \(prefix)
            static let rules: [[UInt64]] = [
                \(rules.joined(separator: ",\n            "))
            ]
            static let extras: [[UInt64]] = [
                \(extras.joined(separator: ",\n            "))
            ]
        """
}

let source = """
    /// The filters of system calls: what goes before all of them, those by the bits of their options, and
    /// those of the extras.
    enum EmbeddedFilters {
        #if arch(x86_64)
    \(filters(ARCHITECTURE_X86_64))
        #elseif arch(arm64)
    \(filters(ARCHITECTURE_ARM64))
        #else
        #error("the filter has not been thought through for this architecture")
        #endif
    }

    """
try Data(source.utf8).write(to: URL(filePath: arguments[1]))
