// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// What whoever started this program gets to read.
enum StandardOutput {
    /// Writes a value as JSON: digests, names and lists of them, of which nothing can fail to encode.
    static func write(_ value: some Encodable) {
        FileHandle.standardOutput.write((try? JSONEncoder().encode(value)) ?? Data())
    }
}
