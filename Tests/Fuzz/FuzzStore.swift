// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage

/// An empty store and a file for what is read, in a directory that goes away.
struct FuzzStore: ~Copyable {
    private let directory: TemporaryDirectory
    let store: Store
    /// What is read.
    let file: FilePath

    /// A store beside a file that holds some bytes.
    init(_ bytes: [UInt8]) {
        do {
            directory = try TemporaryDirectory()
            store = try Store(at: directory.path.appending("store"))
            file = directory.path.appending("file")
            try OwnedDescriptor(opening: file, O_WRONLY | O_CREAT, mode: 0o600).write(bytes)
        } catch {
            fatalError("no directory to work in: \(error)")
        }
    }

    /// Publishes the layers that are written to what the body is given.
    func publishing<Failure: Error>(
        _ body: (StagedLayers) throws(Failure) -> Void
    ) throws(Failure) {
        guard let staged = try? StagedLayers(in: store) else { fatalError("no layer can be begun") }
        try body(staged)
        guard (try? staged.publish()) != nil else { fatalError("no layer can be published") }
    }

    /// Nothing may be beside the store, nor be left where it works.
    func checkSurroundings() {
        promise((try? names(in: directory.path)) == ["file", "store"], "nothing lands outside")
        let left = try? names(in: store.path.appending("tmp"))
        promise(left == ["downloads"], "nothing is left over")
    }
}
