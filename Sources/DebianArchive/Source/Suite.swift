// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian repository format, "Suite", "Codename"; the archive's own list of releases.

public import RootfsRecipe

/// A suite of an archive.
public struct Suite: Hashable, Sendable {
    /// The archive that has it.
    public let archive: Archive
    /// Its name there, such as `bookworm-security`.
    public let name: String

    /// A suite of the given name.
    public init(_ archive: Archive, _ name: String) {
        self.archive = archive
        self.name = name
    }

    /// The suites that a release is made of: itself, its updates and its security fixes.
    ///
    /// - Parameter release: a codename or role, such as `bookworm` or `stable`.
    /// - Returns: the suites in the order in which apt is usually told of them.
    /// - Throws: `AptSourcesError.malformedSuite`.
    public static func suites(of release: String) throws(AptSourcesError) -> [Suite] {
        guard FieldGrammar.isPackageName(release.utf8Span.span) else {
            throw .malformedSuite(release)
        }
        guard !rolling.contains(release) else { return [Suite(.debian, release)] }
        return [
            Suite(.debian, release), Suite(.debian, "\(release)-updates"),
            Suite(.security, "\(release)-security"),
        ]
    }

    /// The suite, where a name is one of Debian's.
    static func debian(_ name: String) -> Suite? {
        for suffix in ["-security", "/updates"] where name.hasSuffix(suffix) {
            return isRelease(name.dropLast(suffix.count)) ? Suite(.security, name) : nil
        }
        for suffix in ["-updates", "-proposed-updates", "-backports", "-backports-sloppy"]
        where name.hasSuffix(suffix) {
            if isRelease(name.dropLast(suffix.count)) { return Suite(.debian, name) }
        }
        return isRelease(name[...]) ? Suite(.debian, name) : nil
    }

    private static func isRelease(_ name: Substring) -> Bool {
        let name = String(name)
        return codenames.contains(name) || roles.contains(name) || rolling.contains(name)
    }

    /// Releases that have neither updates nor security fixes of their own.
    private static let rolling: Set<String> = ["sid", "unstable", "experimental"]
    private static let roles: Set<String> = ["stable", "oldstable", "oldoldstable", "testing"]
    private static let codenames: Set<String> = [
        "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke",
    ]
}
