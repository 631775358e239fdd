// SPDX-License-Identifier: MIT OR Apache-2.0

package import OCIStore

/// A path inside a tree, from its root down; none of its names is `.` or `..`, and none of those
/// in front of the last was a symbolic link when it was looked up.
package struct TreePath: Hashable, Sendable {
    /// The names.
    package private(set) var names: [PathBytes]

    /// The root.
    package static let root = TreePath(names: [])

    init(names: [PathBytes]) {
        self.names = names
    }

    /// The bytes, with slashes between the names and none at either end.
    package var bytes: [UInt8] { Array(names.map(\.bytes).joined(separator: "/".utf8)) }

    var slices: [ArraySlice<UInt8>] { names.map(\.bytes) }

    func appending(_ name: PathBytes) -> TreePath { TreePath(names: names + [name]) }

    var parent: TreePath { TreePath(names: names.dropLast()) }
}
