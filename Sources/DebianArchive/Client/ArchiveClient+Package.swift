// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCIStore
package import RootfsRecipe
package import SystemPackage

extension ArchiveClient {
    /// Fetches one package and leaves it in a file.
    ///
    /// A version that left the archive is taken from where old states of it are kept.
    ///
    /// - Parameters:
    ///   - package: what to fetch; its size and digest are checked.
    ///   - lock: says which release listed it.
    ///   - path: the caller's alone while this runs; what it holds is gone on with.
    ///   - progress: told how many bytes of the package are there.
    /// - Throws: `malformedPath`, `unavailable`, `file`, `cancelled`.
    package func fetch(
        _ package: LockedPackage,
        of lock: RecipeLock,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws(ArchiveClientError) {
        let subject = ArchiveSubject.package(package)
        let release = lock.releases.first { $0.suite == package.suite }
        let archive = release?.archive ?? .debian
        guard FieldGrammar.isPoolPath(package.path.utf8Span.span), package.size > 0 else {
            throw .malformedPath(package)
        }
        let bases = locations[archive].bases + (release.flatMap(snapshot).map { [$0] } ?? [])
        let files = bases.compactMap { ArchiveFile(package.path, in: $0) }
        let file = try blobFile(path, size: package.size, progress: progress)
        try await first(of: files, for: subject) { (source) async throws(MirrorFault) in
            try await fill(file, with: source, digest: package.digest)
        }
    }

    func blobFile(
        _ path: FilePath,
        size: Int64,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) throws(ArchiveClientError) -> BlobFile {
        do throws(Errno) {
            return try BlobFile(path, size: size, progress: progress)
        } catch {
            throw .file(path, error)
        }
    }

    private func snapshot(_ release: RecipeLock.Release) -> ArchiveBase? {
        (release.snapshots ?? snapshots).flatMap {
            Snapshots.base($0, release.archive, date: release.date)
        }
    }
}
