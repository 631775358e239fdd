// SPDX-License-Identifier: MIT OR Apache-2.0

/// `build.project`: what a build may do with the project's files, but for the target directory.
enum ProjectAccess: String {
    /// Read them.
    case readOnly = "read-only"
    /// Write what is dropped in the end.
    case discard
    /// Write them, as the original lets it.
    case writable
}
