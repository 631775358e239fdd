// SPDX-License-Identifier: MIT OR Apache-2.0

/// The version of this program.
enum Version {
    static let number = "0.1.0"
    /// As `--version` prints it.
    static let text = "cross \(number)"
}
