// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import RootfsRecipe
package import SystemPackage

extension ArchiveClient {
    /// The largest release file has 200 KiB.
    private static let releaseLimit = 4 << 20

    /// Fetches the release file of a suite, from the first mirror whose one is in order.
    ///
    /// - Parameters:
    ///   - suite: by its archive and name.
    ///   - scratch: a directory that private ones can be made in, for its verification.
    /// - Returns: what the release says.
    /// - Throws: `unavailable`, `verification`, `cancelled`.
    package func release(
        of suite: Suite,
        scratch: FilePath
    ) async throws(ArchiveClientError) -> ReleaseFile {
        let location = locations[suite.archive]
        let verifier =
            configuration.check.map {
                ReleaseVerifier(keys: location.keys, scratch: scratch, check: $0)
            } ?? ReleaseVerifier(keys: location.keys, scratch: scratch)
        let files = location.bases.compactMap {
            ArchiveFile("dists/\(suite.name)/InRelease", in: $0)
        }
        return try await first(of: files, for: .release(suite: suite.name)) {
            (file) async throws(MirrorFault) in
            let bytes = try await contents(of: file, limit: Self.releaseLimit)
            do throws(ReleaseError) {
                return try await verifier.release(
                    bytes,
                    archive: suite.archive,
                    suite: suite.name
                )
            } catch {
                throw .release(error)
            }
        }
    }

    /// Fetches an index and leaves it in a file.
    ///
    /// A mirror that is being brought up to date may have another one by that name than its release
    /// says; the digest's own name is asked for first.
    ///
    /// - Parameters:
    ///   - index: what to fetch; its size and digest are checked.
    ///   - path: the caller's alone while this runs; what it holds is gone on with.
    /// - Throws: `unavailable`, `file`, `cancelled`.
    package func fetch(
        _ index: IndexFile,
        into path: FilePath
    ) async throws(ArchiveClientError) {
        let names = [index.pathByHash, index.file.path].compactMap { $0 }
        let files = locations[index.suite.archive].bases.flatMap { base in
            names.compactMap { ArchiveFile("dists/\(index.suite.name)/\($0)", in: base) }
        }
        let file = try blobFile(path, size: index.file.size)
        try await first(of: files, for: index.subject) { (source) async throws(MirrorFault) in
            try await fill(file, with: source, digest: index.file.digest)
        }
    }
}
