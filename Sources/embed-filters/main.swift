// SPDX-License-Identifier: MIT OR Apache-2.0

import CSystemCallFilter
import Foundation

// Writes every filter of system calls as Swift: embed-filters OUTPUT. Each instruction is one number,
// from the highest bits: code (16), jump if true (8), jump if false (8), operand (32).
let arguments = CommandLine.arguments
guard arguments.count == 2 else { fatalError("usage: embed-filters OUTPUT") }

// Numbers of system calls are the machine's; the rules for them are no other machine's.
#if arch(x86_64)
let architecture = "x86_64"
#elseif arch(arm64)
let architecture = "arm64"
#else
#error("the filter has not been thought through for this architecture")
#endif

func instructions(options: UInt32) -> [UInt64] {
    let room = Int(BPF_MAXINSNS)
    let filter = unsafe [sock_filter](unsafeUninitializedCapacity: room) { buffer, count in
        let length = unsafe build_filter(options, buffer.baseAddress)
        guard length > 0 else { fatalError("libseccomp: errno \(errno)") }
        count = Int(length)
    }
    return filter.map { instruction in
        UInt64(instruction.code) << 48 | UInt64(instruction.jt) << 40
            | UInt64(instruction.jf) << 32 | UInt64(instruction.k)
    }
}

let lists = (0..<UInt32(FILTER_OPTIONS.rawValue)).map { options in
    let numbers = instructions(options: options).map { "0x" + String($0, radix: 16) }
    return "        [" + numbers.joined(separator: ", ") + "],"
}
let source = """
    #if !arch(\(architecture))
    #error("these filters are those of another architecture")
    #endif

    /// The filters of system calls, by the bits of their options.
    enum EmbeddedFilters {
        static let all: [[UInt64]] = [
    \(lists.joined(separator: "\n"))
        ]
    }

    """
try Data(source.utf8).write(to: URL(filePath: arguments[1]))
