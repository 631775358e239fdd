// SPDX-License-Identifier: MIT OR Apache-2.0

package import SystemPackage

/// A blob, or the part of a file that is one.
package struct BlobPart: Hashable, Sendable {
    /// The file it is in.
    package let file: FilePath
    /// Which of the file's bytes; `nil` for all of them.
    package let range: Range<Int64>?

    /// A part of a file; a file that ends before the range does is cut.
    package init(of file: FilePath, range: Range<Int64>? = nil) {
        self.file = file
        self.range = range
    }
}
