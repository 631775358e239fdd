// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// Where the files of dpkg's database are.
enum DatabasePath {
    /// A package's file of the given kind, such as `list`.
    static func info(_ control: PackageControl, _ kind: [UInt8]) -> LayerPath {
        path("var/lib/dpkg/info/\(control.databaseName).\(String(decoding: kind, as: UTF8.self))")
    }

    /// The status paragraph of a package, in a directory that dpkg does not know.
    static func status(_ control: PackageControl) -> LayerPath {
        path("var/lib/dpkg/status.d/\(control.name):\(control.architecture)")
    }

    /// A path of this program's own words and of names that were checked to be parts of one.
    private static func path(_ text: String) -> LayerPath {
        (try? LayerPath(text.utf8)) ?? .root
    }
}
