// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
import CSystemCallFilter
import Foundation
import SystemPackage
import Testing

@testable import Sandbox

/// Every number that a system call may have, on every interface, against the table of the repository.
@Suite struct SystemCallTests {
    /// The column of the table with an interface's numbers, and the kernel's token for it.
    private static let interfaces: [(system_call_architecture, token: UInt32, column: Int)] = [
        (ARCHITECTURE_X86_64, 0xc000_003e, 1), (ARCHITECTURE_X86_64, 0x4000_0003, 2),
        (ARCHITECTURE_ARM64, 0xc000_00b7, 3), (ARCHITECTURE_ARM64, 0x4000_0028, 4),
    ]

    private static let rows: [[String]] = {
        let sources = ProcessInfo.processInfo.environment["CROSS_TEST_SOURCES"]
        let root =
            sources.map { FilePath($0) }
            ?? FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        return root.pushing("Tests/Fixtures/system-calls.txt").text()
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ").map(String.init) }
    }()

    private static func program(
        _ architecture: system_call_architecture,
        _ options: UInt32
    ) -> Interpreter {
        func instructions(_ build: (UnsafeMutablePointer<sock_filter>?) -> CInt) -> [sock_filter] {
            unsafe [sock_filter](unsafeUninitializedCapacity: Int(BPF_MAXINSNS)) { buffer, count in
                count = Int(unsafe build(buffer.baseAddress))
            }
        }
        return Interpreter(
            instructions: unsafe instructions { unsafe build_prefix(architecture, $0) }
                + instructions { unsafe build_filter(architecture, options, $0) }
        )
    }

    @Test(arguments: [UInt32(0), FILTER_EMULATES_ROOT.rawValue])
    func everyCallOfEveryInterfaceIsAsTheTableSays(options: UInt32) throws {
        try #require(Self.rows.count > 400)
        for (architecture, token, column) in Self.interfaces {
            let program = Self.program(architecture, options)
            var expected: [UInt32: String] = [:]
            for row in Self.rows {
                if let number = UInt32(row[column]) { expected[number] = row[options == 0 ? 5 : 6] }
            }
            for number in Array(0..<UInt32(1500)) + Array(0xf_0000..<0xf_0010) {
                let answer = program.answer(token, number)
                #expect(answer == expected[number, default: "ENOSYS"], "\(token) \(number)")
            }
        }
    }

    @Test func x32AndForeignInterfacesDoNotExist() {
        let program = Self.program(ARCHITECTURE_X86_64, 0)
        for number in UInt32(0)..<1500 {
            #expect(program.answer(0xc000_003e, 0x4000_0000 | number) == "ENOSYS")
            #expect(program.answer(0xc000_00b7, number) == "ENOSYS")
        }
    }

    @Test func fewerCallsAreKnownThanDockersFilterAllows() {
        #expect(Self.rows.filter { $0[5] == "allowed" }.count < 377)
    }

    @Test func theProgramsThatAreBuiltInAreThese() {
        #if arch(x86_64)
        let architecture = ARCHITECTURE_X86_64
        #else
        let architecture = ARCHITECTURE_ARM64
        #endif
        var spec = SandboxSpec(root: "/", arguments: ["true"])
        let built = Self.program(architecture, 0).instructions
        let embedded = SystemCallFilter.programs(for: spec)
        #expect(embedded.count == 1)
        #expect(embedded[0].map(\.k) == built.map(\.k))
        spec.allowances = [.perf]
        #expect(SystemCallFilter.programs(for: spec).count == 4)
        spec.allowances = Set(Allowance.allCases)
        #expect(SystemCallFilter.programs(for: spec).count == 1)
    }
}

/// What a program of seccomp's says of a call with zeros for arguments.
private struct Interpreter {
    let instructions: [sock_filter]

    /// - Returns: `allowed`, `pretended`, or the name of an error.
    func answer(_ architecture: UInt32, _ number: UInt32) -> String {
        var accumulator: UInt32 = 0
        var next = 0
        while instructions.indices.contains(next) {
            let instruction = instructions[next]
            next += 1
            let isTrue: Bool
            switch instruction.code {
            case 0x20:  // load a word of struct seccomp_data
                accumulator = instruction.k == 0 ? number : instruction.k == 4 ? architecture : 0
                continue
            case 0x54: accumulator &= instruction.k; continue
            case 0x05: next += Int(instruction.k); continue
            case 0x06: return Self.word(instruction.k)
            case 0x15: isTrue = accumulator == instruction.k
            case 0x25: isTrue = accumulator > instruction.k
            case 0x35: isTrue = accumulator >= instruction.k
            default: return "instruction \(instruction.code)"
            }
            next += Int(isTrue ? instruction.jt : instruction.jf)
        }
        return "no end"
    }

    private static func word(_ action: UInt32) -> String {
        switch action {
        case 0x7fff_0000: "allowed"
        case 0x5_0000: "pretended"
        case 0x5_0000 | UInt32(EPERM): "EPERM"
        case 0x5_0000 | UInt32(ENOSYS): "ENOSYS"
        default: "action \(action)"
        }
    }
}
