// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5); apt-secure(8).

public import RootfsRecipe
public import SystemPackage

/// Where Debian's archives are, and whose signature on them counts.
public struct ArchiveLocations: Hashable, Sendable {
    /// Where one archive is.
    public struct Location: Hashable, Sendable {
        /// Addresses of the same files, in the order of preference; at least one.
        public let bases: [ArchiveBase]
        /// Whose signatures count.
        public let keys: SigningKeys
    }

    /// The distribution itself, with its updates.
    public let debian: Location
    /// Its security fixes.
    public let security: Location

    /// The location of an archive.
    ///
    /// - Parameter archive: which one.
    /// - Returns: where it is.
    public subscript(archive: Archive) -> Location {
        switch archive {
        case .debian: debian
        case .security: security
        }
    }

    /// Finds the archives.
    ///
    /// A machine that knows no security fixes, as one with a rolling release, gets them from the
    /// directory `debian-security` beside `debian`.
    ///
    /// - Parameters:
    ///   - mirrors: what a configuration says; it comes before the machine's sources.
    ///   - etc: apt's directory.
    ///   - keyrings: files of Debian's keys that distributions install, for sources without any.
    /// - Throws: `AptSourcesError`; the sources are not read where the configuration says all.
    public init(
        mirrors: RecipeRequest.Mirrors = RecipeRequest.Mirrors(),
        etc: FilePath = "/etc/apt",
        keyrings: [FilePath] = Self.distributedKeyrings
    ) throws(AptSourcesError) {
        let isComplete = Archive.allCases.allSatisfy { mirrors.bases[$0.rawValue] != nil }
        let sources = isComplete && mirrors.keyring != nil ? nil : try AptSources.read(etc: etc)
        let search = DebianSources(sources, etc: etc, distributed: keyrings)
        let keyring = mirrors.keyring.map { SigningKeys(keyrings: [.file(FilePath($0))]) }

        if let bases = try Self.configured(.debian, mirrors) {
            debian = Location(bases: bases, keys: keyring ?? search.keys(.debian))
        } else {
            debian = try search.location(.debian, keys: keyring)
        }
        if let bases = try Self.configured(.security, mirrors) {
            security = Location(bases: bases, keys: keyring ?? search.keys(.security))
        } else {
            security = try search.security(beside: debian, keys: keyring)
        }
    }

    /// Where the package `debian-archive-keyring` has its keys.
    public static let distributedKeyrings: [FilePath] = [
        "/usr/share/keyrings/debian-archive-keyring.pgp",
        "/usr/share/keyrings/debian-archive-keyring.gpg",
    ]

    private static func configured(
        _ archive: Archive,
        _ mirrors: RecipeRequest.Mirrors
    ) throws(AptSourcesError) -> [ArchiveBase]? {
        guard let uris = mirrors.bases[archive.rawValue], !uris.isEmpty else { return nil }
        var bases: [ArchiveBase] = []
        for uri in uris {
            guard let base = ArchiveBase(uri) else {
                guard let scheme = ArchiveBase.split(uri)?.scheme,
                    !ArchiveBase.schemes.contains(scheme)
                else { throw .malformedAddress(archive) }
                throw .unsupportedSchemes([scheme], archive)
            }
            bases.append(base)
        }
        return bases
    }
}
