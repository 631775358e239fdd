// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian repository format, "Compression of indices", "Acquire-By-Hash".

import OCILayer
import OCIStore
import RootfsRecipe
package import SystemPackage

/// An index of packages in one of the forms in which a release lists it.
package struct IndexFile: Hashable, Sendable {
    /// How the index is compressed.
    package enum Compression: String, Hashable, Sendable, CaseIterable {
        /// Not at all; mirrors seldom have it.
        case none = ""
        /// By gzip.
        case gzip = ".gz"
        /// By xz.
        case xz = ".xz"

        /// Megabytes that come out in a second, on one processor of today.
        fileprivate var speed: Double {
            switch self {
            case .none: .infinity
            case .gzip: 330
            case .xz: 100
            }
        }

        /// The decoder.
        fileprivate var codec: Codec {
            switch self {
            case .none: .none
            case .gzip: .gzip
            case .xz: .xz
            }
        }
    }

    /// The suite that it is of.
    package let suite: Suite
    /// As it is fetched: path below the suite's directory, size, digest.
    package let file: ReleaseFile.File
    /// How it is compressed.
    package let compression: Compression
    /// Whether mirrors have it under its digest, too.
    package let isByHash: Bool

    /// Megabytes that come in a second, over a line of 100 Mbit/s.
    ///
    /// On a faster one gzip wins by more; from 75 Mbit/s down xz would.
    private static let lineSpeed = 12.5

    /// The forms of an index, the one that is there and read the soonest first.
    ///
    /// - Parameters:
    ///   - component: such as `main`.
    ///   - architecture: whose packages the index has.
    ///   - suite: that it is of.
    ///   - release: of the suite, which lists the forms.
    /// - Returns: none where the release has no such index.
    package static func forms(
        _ component: String,
        _ architecture: String,
        of suite: Suite,
        in release: ReleaseFile
    ) -> [IndexFile] {
        func listed(_ compression: Compression) -> ReleaseFile.File? {
            release.packages(
                component: component,
                architecture: architecture,
                suffix: compression.rawValue
            )
        }
        let length = listed(.none)?.size
        let forms = Compression.allCases.compactMap { compression -> (IndexFile, Double)? in
            guard let file = listed(compression) else { return nil }
            let form = IndexFile(
                suite: suite,
                file: file,
                compression: compression,
                isByHash: release.hasFilesByHash
            )
            // Packages files shrink to a fifth.
            let decoded = Double(length ?? file.size * 5) / 1e6
            return (form, Double(file.size) / 1e6 / lineSpeed + decoded / compression.speed)
        }
        return forms.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// The path under which the digest alone finds it.
    var pathByHash: String? { isByHash ? file.pathByHash : nil }

    /// How an error names it.
    package var subject: ArchiveSubject { .index(suite: suite.name, path: file.path) }

    /// Decodes and reads the index.
    ///
    /// - Parameter path: of the file; its digest was checked.
    /// - Returns: the packages.
    /// - Throws: `undecodable`, `malformed`, `store`.
    package func read(_ path: FilePath) throws(ArchiveClientError) -> PackageIndex {
        let bytes: [UInt8]
        do throws(LayerError) {
            bytes = try decompress(path, compression.codec, limit: Self.maximumLength)
        } catch {
            if case .store(let error) = error { throw .store(error) }
            throw .undecodable(subject)
        }
        do throws(ControlError) {
            return try PackageIndex(bytes, archive: suite.archive, suite: suite.name)
        } catch {
            throw .malformed(subject, error)
        }
    }

    /// Five times what the largest index has.
    private static let maximumLength = 256 << 20
}
