// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// The program of this package that unpacks layers in a process of its own.
var unpackLayers: String {
    // The test bundle and the products of the package are built into one directory.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return FilePath(bundle).removingLastComponent().appending("UnpackLayers").string
}
