// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import SystemPackage

/// Why an image was not built from a Dockerfile.
enum BuildError: Error, Equatable {
    /// There is no such file.
    case noDockerfile(FilePath)
    /// The file cannot be read.
    case unreadable(TextFileError)
    /// The context is no directory.
    case noContext(FilePath)
    /// The Dockerfile is wrong.
    case dockerfile(FilePath, DockerfileError)
    /// The context, or what is copied of it.
    case context(DockerfilePlace, ContextError)
    /// The ignore file, before anything was copied.
    case ignoreFile(ContextError)
    /// A file is to be downloaded, and there is to be no network.
    case offline(DockerfilePlace, String)
    /// What the reader accepts and this program cannot do.
    case unsupported(DockerfilePlace, String)
    /// A program is to run where there is no file at all.
    case emptyRoot(DockerfilePlace)
    /// Something is in the way of what is copied; its path inside.
    case destination(DockerfilePlace, [UInt8])
    /// A name cannot be part of a layer.
    case name(DockerfilePlace, [UInt8])
    /// `--chown` with somebody whom the root filesystem does not know.
    case owner(DockerfilePlace, String)
    /// A secret is required that nobody gave.
    case secret(DockerfilePlace, String)
    /// The result has no layer, so no program can run in it.
    case emptyImage(FilePath)
    /// There is no home to keep caches in.
    case noCache
    /// A cache cannot be made.
    case cache(FilePath, Errno)
}

/// A place in a Dockerfile, for messages.
struct DockerfilePlace: Equatable, CustomStringConvertible {
    let file: FilePath
    let location: SourceLocation

    var description: String { "\(file):\(location)" }
}
