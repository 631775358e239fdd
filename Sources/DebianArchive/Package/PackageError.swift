// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCILayer
public import OCIStore

/// Why a package or a wheel cannot become a layer; the store is then as it was before.
public enum PackageError: Error, Equatable {
    /// What is wrong with the file itself; the package is called what the caller calls it.
    case fault(PackageFault, package: String)
    /// What is wrong with an archive in it, its compression or its entries, or that it is too large.
    case archive(LayerError, part: PackagePart, package: String)
    /// The store cannot take the layer.
    case store(StoreError)
}

/// The archives of which a package consists.
public enum PackagePart: Hashable, Sendable {
    /// The file itself: ar for packages, zip for wheels.
    case container
    /// What dpkg is to know about the package.
    case control
    /// What the package installs.
    case data
}

/// What is wrong with a package.
public enum PackageFault: Error, Hashable, Sendable {
    /// A member is missing, repeated, unknown or not in its place: that of this name, or the end.
    case member([UInt8]?)
    /// The format's version is none of 2.
    case formatVersion
    /// A member ends beyond the file's end.
    case truncated
    /// A control file has a name or type that dpkg does not know.
    case controlFile([UInt8])
    /// The control files together are larger than those of any package.
    case controlSize
    /// There is no control paragraph, or it cannot be read: in this line, from 1.
    case controlParagraph(line: Int)
    /// A field of the control paragraph is missing, or not what such a field can be.
    case field(String)
    /// The package is another one than was asked for: in this field.
    case identity(field: String)
    /// The directory a wheel is to be unpacked into is no path.
    case wheelDirectory
}
