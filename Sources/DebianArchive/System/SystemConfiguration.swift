// SPDX-License-Identifier: MIT OR Apache-2.0

import FoundationEssentials
public import OCIStore
public import RootfsRecipe

/// What a root filesystem of packages needs on top of them to be a Debian system: what maintainer
/// scripts would have left behind, computed without running any.
///
/// It becomes one layer, the topmost. The same configuration gives the same layer, byte for byte.
public struct SystemConfiguration: Hashable, Codable, Sendable {
    /// A package whose layer lies below.
    public struct Package: Hashable, Codable, Sendable {
        /// The key of its layer.
        public var key: Digest
        /// Its name.
        public var name: String
        /// What it is for, or `all`.
        public var architecture: String
        /// Whether it was asked for, and did not come along as another's dependency.
        public var isRequested: Bool
        /// Whether it was taken without its dependencies; then dpkg is not told about it.
        public var isAddition: Bool

        /// A package of the given parts.
        public init(
            key: Digest,
            name: String,
            architecture: String,
            isRequested: Bool,
            isAddition: Bool = false
        ) {
            self.key = key
            self.name = name
            self.architecture = architecture
            self.isRequested = isRequested
            self.isAddition = isAddition
        }
    }

    /// Where apt gets more packages of the same kind.
    public struct Source: Hashable, Codable, Sendable {
        /// Addresses of an archive, in the order of preference.
        public var addresses: [String]
        /// Suites of that archive, such as `bookworm` and `bookworm-updates`.
        public var suites: [String]

        /// A source of the given parts.
        public init(addresses: [String], suites: [String]) {
            self.addresses = addresses
            self.suites = suites
        }
    }

    /// The layers below, the bottom first, in the order in which they will be merged.
    public var packages: [Package]
    /// Other layers between those of packages and this one, such as wheels.
    public var others: [Digest]
    /// Debian's name of the architecture whose programs run there.
    public var architecture: String
    /// Debian's names of other architectures whose packages may be installed.
    public var foreignArchitectures: [String]
    /// Where apt gets more packages.
    public var sources: [Source]
    /// The recipe's own files.
    public var files: [Recipe.File]
    /// When everything was last modified, in seconds since 1970.
    public var date: Int64

    /// A configuration of the given parts.
    public init(
        packages: [Package],
        others: [Digest] = [],
        architecture: String,
        foreignArchitectures: [String],
        sources: [Source],
        files: [Recipe.File],
        date: Int64
    ) {
        self.packages = packages
        self.others = others
        self.architecture = architecture
        self.foreignArchitectures = foreignArchitectures
        self.sources = sources
        self.files = files
        self.date = date
    }

    /// Changes whenever the same configuration gets another layer.
    private static let layerFormat = 2

    /// What the layer is called in a store, in place of a diff ID.
    public var key: Digest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and lists of them: nothing in it can fail to encode.
        let parts = (try? encoder.encode(self)) ?? Data()
        return Digest.of(
            Array("cross system configuration \(Self.layerFormat)\n".utf8) + Array(parts)
        )
    }

    /// All layers of the root filesystem, the bottom first; the last one is the configuration's.
    public var layers: [Digest] { packages.map(\.key) + others + [key] }
}
