// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import OCIStore
import SystemPackage

/// A directory that files are copied from or into, held so that nobody removes it meanwhile.
final class HeldTree {
    private enum Kind: ~Copyable {
        case context(FilePath)
        case rootfs(RootfsLease)
        case empty(Staging)
    }

    private let kind: Kind

    /// The root filesystem of some layers, or an empty directory.
    ///
    /// - Throws: `StoreError`.
    init(_ record: StepRecord?, _ store: Store) throws(StoreError) {
        kind = try Self.kind(record, store)
    }

    private static func kind(_ record: StepRecord?, _ store: Store) throws(StoreError) -> Kind {
        guard let record else { return .empty(try Staging(in: store)) }
        return .rootfs(try store.materialise(record))
    }

    /// Where a copy or a mount takes files of.
    ///
    /// - Throws: `StoreError`.
    init(_ origin: FileOrigin, _ sources: BuildSources, _ store: Store) throws(StoreError) {
        if case .context = origin {
            kind = .context(sources.context)
        } else {
            kind = try Self.kind(sources.record(origin), store)
        }
    }

    /// Where it is on the host.
    var path: FilePath {
        switch kind {
        case .context(let path): path
        case .rootfs(let lease): lease.path
        case .empty(let staging): staging.directory.path
        }
    }

    /// Its files; those of the context less what is ignored.
    ///
    /// - Throws: `ContextError`.
    func tree(_ sources: BuildSources) throws(ContextError) -> SourceTree {
        switch kind {
        case .context(let path): try SourceTree(path, ignoring: sources.ignored)
        case .rootfs: try SourceTree(path)
        case .empty: try SourceTree(path)
        }
    }
}
