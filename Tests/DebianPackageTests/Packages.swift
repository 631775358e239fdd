// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Foundation
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage

/// A store in a directory of its own, and the packages a test tries to put into it.
struct Packages: ~Copyable {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(at: directory.path.appending("store"))
        self.directory = directory
    }

    /// Unpacks the package that `DebBuilder` makes, or what is left of it.
    @discardableResult
    func unpack(_ deb: [UInt8], limits: LayerLimits = LayerLimits()) throws -> Digest {
        let file = directory.path.appending("example.deb")
        try Data(deb).write(to: URL(fileURLWithPath: file.string))
        let package = DebianPackage(
            name: "example",
            version: "1:2.0-3",
            architecture: "amd64",
            digest: Digest.of(deb)
        )
        let staged = try StagedLayers(in: store)
        try package.unpack(file, into: staged, limits: limits) { _ in }
        try staged.publish()
        return package.key
    }

    /// What a package that is refused is refused for.
    func error(of deb: [UInt8], limits: LayerLimits = LayerLimits()) -> PackageError? {
        do {
            try unpack(deb, limits: limits)
            return nil
        } catch {
            return error as? PackageError
        }
    }

    /// Whether nothing of a package is visible and nothing is left over.
    var isUntouched: Bool {
        get throws {
            let path = store.path
            return try names(in: path.appending("layers")).isEmpty
                && names(in: path.appending("objects")).isEmpty
                && names(in: path.appending("tmp")) == ["downloads"]
        }
    }
}

/// What errors call the package that tests make.
let exampleName = "example_1:2.0-3_amd64"
