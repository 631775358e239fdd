// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Makes a tree on disk: directories, symbolic links, named pipes, and hard links to objects or copies of
/// them.
///
/// Every call is on one name inside a directory that this process just made and holds open, so no
/// path of a layer is ever resolved.
final class RootfsBuilder: Sendable {
    /// A directory with fewer names is filled before another thread would have begun.
    private static let partSize = 32

    private let objects: OwnedDescriptor
    /// Of objects that may still have to be published; `nil` where files are copies that may be written to.
    private let origin: (staged: StagedLayers, publication: LayerPublication)?
    private let threads = SpareThreads()

    /// Makes trees of objects, those of `publication` from where they are staged.
    init(_ staged: StagedLayers, _ publication: LayerPublication) throws(StoreError) {
        objects = try Self.objects(of: staged.layout)
        origin = (staged, publication)
    }

    /// Makes trees of copies of the store's objects, which may be written to.
    init(copying layout: StoreLayout) throws(StoreError) {
        objects = try Self.objects(of: layout)
        origin = nil
    }

    private static func objects(of layout: StoreLayout) throws(StoreError) -> OwnedDescriptor {
        try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
    }

    /// Fills an empty directory, which nobody changes meanwhile, nor the tree.
    func fill(
        _ directory: borrowing OwnedDescriptor,
        from tree: TreeDirectory
    ) throws(StoreError) {
        let result = Result { () throws(StoreError) in try fillPart(directory, from: tree) }
        // Whatever happened, nothing may be made any more when this returns.
        try threads.wait()
        try result.get()
    }

    /// Its own mode and time come last, as both would not survive it; what is in its directories changes
    /// neither.
    private func fillPart(
        _ directory: borrowing OwnedDescriptor,
        from tree: TreeDirectory
    ) throws(StoreError) {
        for (name, node) in tree.entries {
            switch node {
            case .directory(let tree): try fill(directory.makeDirectory(name), tree)
            case .object(let object): try add(object, to: directory, name)
            case .symbolicLink(let target, let time):
                try directory.makeSymbolicLink(name, to: target)
                try directory.setTime(name, time)
            case .fifo(let metadata):
                try directory.makeFIFO(name)
                try directory.changeMode(name, to: metadata.appliedMode)
                try directory.setTime(name, metadata.time)
            case .device: break
            }
        }
        try directory.apply(tree.metadata ?? .impliedDirectory)
    }

    private func fill(_ directory: consuming OwnedDescriptor, _ tree: TreeDirectory)
        throws(StoreError)
    {
        guard tree.entries.count >= Self.partSize else {
            return try fillPart(directory, from: tree)
        }
        let part = Part(directory: directory, tree: tree)
        try threads.run { [self] () throws(StoreError) in
            try fillPart(part.directory, from: part.tree)
        }
    }

    /// A directory that any thread may fill.
    ///
    /// Unchecked: a tree that was merged does not change any more.
    private final class Part: @unchecked Sendable {
        let directory: OwnedDescriptor
        let tree: TreeDirectory

        init(directory: consuming OwnedDescriptor, tree: TreeDirectory) {
            self.directory = directory
            self.tree = tree
        }
    }

    private func add(
        _ object: ObjectName,
        to directory: borrowing OwnedDescriptor,
        _ name: PathBytes
    ) throws(StoreError) {
        guard let (staged, publication) = origin else {
            return try copy(StoreLayout.object(object), of: objects, to: directory, name)
        }
        if let source = publication.path(of: object) {
            try link(source, of: staged.staging.directory, in: directory, name)
        } else {
            try link(StoreLayout.object(object), of: objects, in: directory, name)
        }
    }

    private func link(
        _ source: PathBytes,
        of objects: borrowing OwnedDescriptor,
        in directory: borrowing OwnedDescriptor,
        _ name: PathBytes
    ) throws(StoreError) {
        do throws(StoreError) {
            try directory.link(source, of: objects, as: name)
        } catch {
            // link(2), EMLINK: ext4 gives an inode 65,000 names.
            guard error.errno == .tooManyLinks else { throw error }
            try copy(source, of: objects, to: directory, name)
        }
    }

    private func copy(
        _ source: PathBytes,
        of objects: borrowing OwnedDescriptor,
        to directory: borrowing OwnedDescriptor,
        _ name: PathBytes
    ) throws(StoreError) {
        let source = try OwnedDescriptor(
            opening: source,
            in: objects,
            O_RDONLY | O_NOFOLLOW
        )
        let copy = try OwnedDescriptor(
            opening: name,
            in: directory,
            O_WRONLY | O_CREAT | O_EXCL,
            mode: 0o600
        )
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while case let count = try source.read(into: &buffer, from: 0), count > 0 {
            try copy.write(Array(buffer[..<count]))
        }
        try copy.apply(try source.metadata())
    }
}
