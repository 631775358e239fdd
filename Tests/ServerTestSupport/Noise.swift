// SPDX-License-Identifier: MIT OR Apache-2.0

/// Bytes that do not compress, the same every time, and others with another seed.
///
/// Source: Marsaglia, xorshift64.
package func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state)
    }
}
