// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

/// What a fuzzer begins with, and what one found, is read again in every test run.
///
/// A defect ends the whole process, as it would end the program.
@Suite struct ReplayTests {
    @Test(arguments: FuzzTarget.allCases)
    func whatIsKnownIsRead(_ target: FuzzTarget) throws {
        let seeds = try target.seeds
        #expect(!seeds.isEmpty)
        for seed in seeds + Found.inputs(for: target) { target.run(seed) }
    }
}
