// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import StoreTestSupport
import SystemPackage
import Testing

@testable import DebianArchive

/// A release to be signed, and what becomes of it with keys in a directory of its own.
struct ReleaseGround: ~Copyable {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    static let text = """
        Origin: Debian
        Suite: oldstable
        Codename: bookworm
        Date: Sat, 11 Jul 2026 10:16:37 UTC
        Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC
        Acquire-By-Hash: yes
        No-Support-for-Architecture-all: Packages
        Snapshots: https://snapshot.example.org/archive/debian/@SNAPSHOTID@/
        Architectures: all amd64 arm64
        Components: main
        MD5Sum:
         d41d8cd98f00b204e9800998ecf8427e 0 main/binary-amd64/Packages.gz
        SHA256:
         \(digest("index").hex)      5 main/binary-amd64/Packages.xz

        """

    /// Ten minutes after the release's date.
    static let now = ReleaseDate(seconds: 1_783_765_597)

    func verifier(_ keys: SigningKey..., searchPath: String? = nil) -> ReleaseVerifier {
        ReleaseVerifier(
            keys: SigningKeys(keyrings: keys.map { .file($0.keyring) }),
            scratch: directory.path,
            searchPath: searchPath
        )
    }

    func fault(
        _ verifier: ReleaseVerifier,
        _ bytes: [UInt8],
        suite: String = "bookworm",
        now: ReleaseDate = Self.now
    ) async -> ReleaseFault? {
        do throws(ReleaseError) {
            _ = try await verifier.release(bytes, archive: .debian, suite: suite, now: now)
            return nil
        } catch {
            #expect(error.archive == .debian && error.suite == suite)
            return error.fault
        }
    }
}
