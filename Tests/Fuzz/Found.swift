// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// Inputs that once broke something, as a fuzzer found them.
enum Found {
    /// Base64, each with what it did.
    private static let all: [(FuzzTarget, String)] = [
        // A host that URL and URLComponents spelled differently.
        (
            .challenge,
            "AEJlYSByZWFsbT0iaHR0cHM6Ly9hdWV4YW1wbGXRgm9rZW4iLHNlcnZpY2U9I3MseD0xIixzY29wZT0iciI="
        )
    ]

    static func inputs(for target: FuzzTarget) -> [[UInt8]] {
        all.compactMap { entry in
            entry.0 == target ? Data(base64Encoded: entry.1).map { Array($0) } : nil
        }
    }
}
