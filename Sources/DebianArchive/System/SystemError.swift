// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// Why a root filesystem cannot be configured; the store is then as it was before.
public enum SystemError: Error, Equatable {
    /// A file that configuring needs is not in any package, or not what it should be.
    case file(String, SystemFault)
    /// A path of the recipe's own files is none, or two files have the same one.
    case recipeFile(String)
    /// A name of an architecture, suite or address would not be one in a configuration file.
    case name(String)
    /// The store cannot take the layer, or has not the packages' ones.
    case store(StoreError)
}

/// What is wrong with a file that configuring needs.
public enum SystemFault: Error, Hashable, Sendable {
    /// There is no such file.
    case missing
    /// It is larger than any such file.
    case tooLarge
    /// It cannot be read as what it should be.
    case malformed
}
