// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What a root filesystem is made of, before anybody has looked which packages that means.
///
/// It is the suite's essential packages, `apt`, `ca-certificates`, and what is listed here.
public struct Recipe: Hashable, Codable, Sendable {
    /// What the root filesystem's own programs run on.
    public var platform: Platform
    /// The distribution's release, such as `bookworm`; its updates and security fixes belong to it.
    public var suite: String
    /// Packages with all they depend on: `name` or `name:architecture`; of several with `|` between
    /// them the first that there is.
    public var packages: [String]
    /// Packages of other suites, taken by themselves.
    public var additions: [Addition]
    /// Python packages, taken by themselves.
    public var wheels: [Wheel]
    /// Small files of the recipe's own.
    public var files: [File]

    /// Packages of another suite without what they depend on: programs that are linked statically.
    public struct Addition: Hashable, Codable, Sendable {
        /// The other suite.
        public var suite: String
        /// `name` or `name:architecture`.
        public var packages: [String]

        /// An addition of the given parts.
        public init(suite: String, packages: [String]) {
            self.suite = suite
            self.packages = packages
        }
    }

    /// A Python package that is not Python's alone, such as a compiler.
    ///
    /// Source: PEP 427.
    public struct Wheel: Hashable, Codable, Sendable {
        /// Its name in the package index.
        public var name: String
        /// Its version, exactly.
        public var version: String
        /// The digest of the file.
        public var digest: Digest
        /// The absolute directory it is unpacked into.
        public var directory: String

        /// A wheel of the given parts.
        public init(name: String, version: String, digest: Digest, directory: String) {
            self.name = name
            self.version = version
            self.digest = digest
            self.directory = directory
        }
    }

    /// A file that no package has.
    public struct File: Hashable, Codable, Sendable {
        /// Where, absolute.
        public var path: String
        /// Permission bits.
        public var mode: UInt32
        /// All of it.
        public var text: String

        /// A file of the given parts.
        public init(path: String, mode: UInt32, text: String) {
            self.path = path
            self.mode = mode
            self.text = text
        }
    }

    /// A recipe of the given parts.
    public init(
        platform: Platform,
        suite: String,
        packages: [String],
        additions: [Addition] = [],
        wheels: [Wheel] = [],
        files: [File] = []
    ) {
        self.platform = platform
        self.suite = suite
        self.packages = packages
        self.additions = additions
        self.wheels = wheels
        self.files = files
    }

    /// The packages that an entry of `packages` leaves the choice of.
    ///
    /// - Parameter entry: such as `python3-minimal | python3:amd64`.
    /// - Returns: the first choice first; one or more.
    public static func alternatives(of entry: String) -> [String] {
        entry.split(separator: "|").map { $0.filter { $0 != " " } }
    }

    /// Names the recipe: whatever changes in it changes this.
    public var digest: Digest { Digest(canonical: self) }
}
