// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What a recipe was resolved to: with it, the same root filesystem comes out anywhere, any time.
public struct RecipeLock: Hashable, Codable, Sendable {
    /// Of the recipe that was resolved; a lock of another one is out of date.
    public var recipe: Digest
    /// The releases of suites that were looked at.
    public var releases: [Release]
    /// The packages in the order in which their layers lie, the bottom first.
    public var packages: [LockedPackage]

    /// A state of a suite.
    public struct Release: Hashable, Codable, Sendable {
        /// Its codename, such as `bookworm-security`.
        public var suite: String
        /// Where it is kept.
        public var archive: Archive
        /// When the archive published it, in seconds since 1970.
        public var date: Int64
        /// Where old states of the archive are kept: a URI with `@SNAPSHOTID@` in it.
        public var snapshots: String?

        /// A release of the given parts.
        public init(suite: String, archive: Archive, date: Int64, snapshots: String?) {
            self.suite = suite
            self.archive = archive
            self.date = date
            self.snapshots = snapshots
        }
    }

    /// A lock of the given parts.
    public init(recipe: Digest, releases: [Release], packages: [LockedPackage]) {
        self.recipe = recipe
        self.releases = releases
        self.packages = packages
    }

    /// Names the lock: whatever changes in it changes this.
    public var digest: Digest { Digest(canonical: self) }

    /// The time that files get which no package has: that of the youngest release, in seconds.
    public var date: Int64 { releases.map(\.date).max() ?? 0 }
}

/// A collection of suites under one address, wherever a mirror has it.
public enum Archive: String, Hashable, Codable, Sendable, CaseIterable {
    /// The distribution itself, with its updates.
    case debian
    /// Its security fixes.
    case security = "debian-security"
}

/// One version of a package, exactly.
public struct LockedPackage: Hashable, Codable, Sendable {
    /// Its name.
    public var name: String
    /// Its version with epoch and revision.
    public var version: String
    /// What it is for; `all` where that is anything.
    public var architecture: String
    /// The suite whose index listed it.
    public var suite: String
    /// Its path in the archive, such as `pool/main/…`.
    public var path: String
    /// Its size in bytes.
    public var size: Int64
    /// Its digest.
    public var digest: Digest

    /// A package of the given parts.
    public init(
        name: String,
        version: String,
        architecture: String,
        suite: String,
        path: String,
        size: Int64,
        digest: Digest
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.suite = suite
        self.path = path
        self.size = size
        self.digest = digest
    }
}
