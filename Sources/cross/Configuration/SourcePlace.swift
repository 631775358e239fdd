// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// Where in a file of the user's something stands: `file:line:column`.
struct SourcePlace: Equatable, CustomStringConvertible {
    let file: FilePath
    /// `nil` where only the file is known.
    let position: TOMLPosition?

    var description: String {
        position.map { "\(file):\($0.line):\($0.column)" } ?? file.string
    }
}
