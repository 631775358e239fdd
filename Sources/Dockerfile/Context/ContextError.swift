// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore
public import SystemPackage

/// Why sources cannot be copied.
///
/// Paths are those inside the context or the root filesystem, as bytes; hostile.
public enum ContextError: Error, Equatable {
    /// There is nothing of that name, or a pattern of the ignore file hides it.
    case notFound(String)
    /// The path leads through something that is no directory.
    case notADirectory([UInt8])
    /// The path leads through more symbolic links than the kernel would follow.
    case tooManyLinks([UInt8])
    /// The tree has more levels than this program handles.
    case tooDeep([UInt8])
    /// A pattern is none.
    case pattern(PathPatternError, file: FilePath?)
    /// Something became something else while it was read.
    case changed([UInt8])
    /// Several files, or a pattern, are to go where no directory is.
    case severalSources(destination: String)
    /// The operating system refused.
    case system(StoreError)
}
