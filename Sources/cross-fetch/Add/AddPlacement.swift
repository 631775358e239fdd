// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "ADD"; Docker's archive package where the reference is silent.

import Dockerfile
import OCILayer
import OCIStore

/// Places what is in an archive below a directory.
///
/// The directory itself stays as it is, whatever the archive says of `./`. A name that would say in a
/// layer that something is removed is refused: as a file, which it would be, it cannot be said there.
struct AddPlacement: EntryPlacement {
    let directory: LayerPath
    let mode: FileMode?
    let owner: AddRequest.Owner?

    func place(of entry: ArchiveEntry) throws(EntryFault) -> LayerName? {
        // Read by itself first: what leads up in it must not be hidden by the directory.
        let name: LayerName
        do throws(LayerPathError) {
            name = try LayerName(entry.name)
        } catch {
            throw error == .invalidWhiteout ? .reserved : .name(error)
        }
        guard case .path(let path) = name else { throw .reserved }
        if path.components.isEmpty {
            guard case .directory = entry.kind else { throw .rootNotADirectory }
            return nil
        }
        do throws(LayerPathError) {
            return .path(try below(path))
        } catch {
            throw .name(error)
        }
    }

    func path(ofTarget target: [UInt8]) throws(LayerPathError) -> LayerPath {
        try below(try LayerPath(target))
    }

    func adjusted(_ metadata: InodeMetadata, isDirectory: Bool) -> InodeMetadata {
        var metadata = metadata
        if let mode { metadata.mode = mode.applied(to: metadata.mode, isDirectory: isDirectory) }
        if let owner { (metadata.uid, metadata.gid) = (owner.uid, owner.gid) }
        return metadata
    }

    private func below(_ path: LayerPath) throws(LayerPathError) -> LayerPath {
        try LayerPath(directory.bytes + "/".utf8 + path.bytes)
    }
}
