// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What an entry costs, in processes and system calls: no machine's speed is in these numbers.
@Suite struct CountTests: ~Copyable {
    private static let mounts = 10

    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    /// The caller, init, and the command in it; strace counts what they call until the command
    /// runs and after it has ended.
    @Test func anEntryIsThreeProcessesAndSomeThreeHundredCalls() throws {
        let plain = try calls()
        #expect(plain.count == 3)
        let total = plain.values.reduce(0, +)
        #expect(total < 400, "\(plain)")
        #expect(total > 100, "strace has seen something")
    }

    /// Clone, seal, look at it, find no place and make one, attach, close; those beside it need not look
    /// for the directory again.
    @Test func aMountIsSomeSixCalls() throws {
        let binds = (0..<Self.mounts).flatMap { ["--ro", "/etc", "/mounted-\($0)"] }
        let difference = try calls(binds).values.reduce(0, +) - calls().values.reduce(0, +)
        #expect(difference <= 6 * Self.mounts + 4)
    }

    /// System calls by process, but for those with which the first one is loaded and started.
    private func calls(_ options: [String] = []) throws -> [Substring: Int] {
        let trace = ground.directory.path.appending("trace")
        let words = ground.runner(options, ["/bin/true"])
        var process = try Spawned(
            ["/usr/bin/strace", "-f", "-qq", "-o", trace.string] + words,
            in: ground.directory.path
        )
        let status = process.wait()
        try #require(status == 0, "\(process.standardError)")
        let lines = trace.text().split(separator: "\n").filter { !$0.contains("resumed>") }
        let first = lines.firstIndex { $0.contains(" socketpair(") } ?? 0
        return lines[first...].reduce(into: [:]) { counts, line in
            counts[line.prefix { $0 != " " }, default: 0] += 1
        }
    }
}
