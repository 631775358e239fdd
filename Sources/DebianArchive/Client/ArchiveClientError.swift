// SPDX-License-Identifier: MIT OR Apache-2.0

package import Download
package import OCIStore
package import RootfsRecipe
package import SystemPackage

/// What of an archive was wanted.
package enum ArchiveSubject: Hashable, Sendable {
    /// The release file of a suite.
    case release(suite: String)
    /// An index, by its path below the suite's directory.
    case index(suite: String, path: String)
    /// A package.
    case package(LockedPackage)
}

/// Why one address did not give what was wanted.
package enum MirrorFault: Error, Equatable, Sendable {
    /// It has no such file.
    case missing
    /// It wants a password or certificate, or another one (HTTP status 401 or 403).
    case denied
    /// The file could not be had, or is not the one that was announced.
    case download(DownloadError)
    /// The file is there, but cannot be read.
    case unreadable(Errno)
    /// The file is longer than anything of its kind may be.
    case tooLarge(limit: Int)
    /// What it gave is not a release of the suite that can be trusted.
    case release(ReleaseError)
}

/// What became of asking one address.
package struct MirrorFailure: Error, Equatable, Sendable {
    /// The address of the file, without user and password.
    package let address: String
    /// Why it was of no use.
    package let fault: MirrorFault
}

/// Why an archive could not be used, in facts.
package enum ArchiveClientError: Error, Equatable, Sendable {
    /// The address of old states that was configured is none, or names no state.
    case malformedSnapshots(String)
    /// This machine cannot verify releases.
    case verification(ReleaseError)
    /// The path of a package that a lock names is none.
    case malformedPath(LockedPackage)
    /// None of the addresses had it; all that were asked, in their order.
    case unavailable(ArchiveSubject, [MirrorFailure])
    /// An index was given whole, but it cannot be decompressed.
    case undecodable(ArchiveSubject)
    /// An index is not what an index is.
    case malformed(ArchiveSubject, ControlError)
    /// The certificates could not be read.
    case certificatesUnreadable(FilePath, Errno)
    /// The store could not be written.
    case store(StoreError)
    /// The file that takes a download could not be written.
    case file(FilePath, Errno)
    /// The caller cancelled the task.
    case cancelled
}

extension ArchiveClientError {
    /// Whether it is the archive that is of no use, rather than this machine.
    package var isOfArchive: Bool {
        switch self {
        case .unavailable, .undecodable, .malformed: true
        case .malformedSnapshots, .verification, .malformedPath, .certificatesUnreadable, .store,
            .file, .cancelled:
            false
        }
    }

    /// Whether it is an index that is not what its release names, on no mirror; the release itself
    /// was verified and is not out of date.
    package var isOfIndex: Bool {
        switch self {
        case .unavailable(.index, _), .undecodable, .malformed: true
        default: false
        }
    }
}
