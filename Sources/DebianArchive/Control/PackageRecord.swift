// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore
public import RootfsRecipe

/// One package of an index.
public struct PackageRecord: Sendable {
    /// Its name.
    public let name: String
    /// Its version.
    public let version: PackageVersion
    /// What it is for; `all` where that is anything.
    public let architecture: String
    /// How it gets on with itself for other architectures.
    public let multiArch: MultiArch
    /// How much a system wants it.
    public let priority: PackagePriority
    /// Whether every system has it.
    public let isEssential: Bool
    /// Whether it is not to be removed (`Protected` or `Important`).
    public let isProtected: Bool
    /// Its path in the archive, such as `pool/main/…`; of plain components.
    public let path: String
    /// Its size in bytes.
    public let size: Int64
    /// Its digest.
    public let digest: Digest
    /// The archive that has it.
    public let archive: Archive
    /// The suite whose index listed it.
    public let suite: String
    /// The whole paragraph of the index, with its last line feed.
    public let paragraph: ArraySlice<UInt8>

    /// Reads a field that relates the package to others.
    ///
    /// - Parameter field: which one.
    /// - Returns: the dependencies in their order; none where there is no such field.
    /// - Throws: `ControlError.malformed`; the offset is into the index.
    public func relations(_ field: RelationField) throws(ControlError) -> [Dependency] {
        try PackageParagraph(paragraph).relations(field)
    }

    /// The value of any field, as it is written.
    ///
    /// - Parameter field: its name, in the case that indexes write it in.
    /// - Returns: the value; `nil` where there is none.
    public func value(of field: String) -> String? {
        PackageParagraph(paragraph).range(of: field).map {
            String(decoding: paragraph[$0], as: UTF8.self)
        }
    }

    /// What a lock has of the package.
    public var locked: LockedPackage {
        LockedPackage(
            name: name,
            version: version.description,
            architecture: architecture,
            suite: suite,
            path: path,
            size: size,
            digest: digest
        )
    }
}

extension PackageRecord: CustomStringConvertible {
    /// The package as `name:architecture=version`.
    public var description: String { "\(name):\(architecture)=\(version)" }
}
