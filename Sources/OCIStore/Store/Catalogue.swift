// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// An image that the store has, and what it was pulled as.
public struct StoredImage: Hashable, Sendable {
    /// With a tag or a digest.
    public let reference: ImageReference
    /// As `os-architecture`, or with a variant.
    public let platform: String
    /// What was pulled.
    public let record: ImageRecord
    /// Of the record.
    let path: FilePath
}

extension Store {
    /// All images, by reference.
    ///
    /// - Returns: sorted; what cannot be read as an image's record is left out.
    /// - Throws: `StoreError.system`.
    public func images() throws(StoreError) -> [StoredImage] {
        var found: [StoredImage] = []
        for path in try files(in: layout.directory(StoreLayout.images)) {
            let record: ImageRecord? = try? document(at: path)
            guard let record, let image = storedImage(path, record) else { continue }
            found.append(image)
        }
        return found.sorted {
            ($0.reference.description, $0.platform) < ($1.reference.description, $1.platform)
        }
    }

    /// Forgets that an image was pulled; what only it needs stays until the store is pruned.
    ///
    /// - Parameter image: as `images()` has it.
    /// - Throws: `StoreError.system`.
    public func forget(_ image: StoredImage) throws(StoreError) {
        try remove(image.path)
    }

    /// Forgets everything that was built from recipes, and what steps came to.
    ///
    /// - Throws: `StoreError.system`.
    public func forgetBuilds() throws(StoreError) {
        for name in [StoreLayout.recipes, StoreLayout.steps] {
            for path in try files(in: layout.directory(name)) { try remove(path) }
        }
    }

    /// Removes a file; one that another process removed need not be.
    func remove(_ path: FilePath) throws(StoreError) {
        do throws(StoreError) {
            try systemCall("unlink", path) {
                unsafe path.withPlatformString { unsafe unlink($0) }
            }
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }

    /// The files below a directory of the store, however deep; none where it is missing.
    func files(in directory: FilePath) throws(StoreError) -> [FilePath] {
        var found: [FilePath] = []
        var pending = [directory]
        while let path = pending.popLast() {
            do throws(StoreError) {
                let opened = try OwnedDescriptor(
                    opening: path,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW
                )
                var listing = try DirectoryListing(of: opened)
                while let entry = try listing.next() {
                    let inner = path.appending(entry.name)
                    if entry.isDirectory { pending.append(inner) } else { found.append(inner) }
                }
            } catch {
                guard error.errno == .noSuchFileOrDirectory else { throw error }
            }
        }
        return found
    }

    /// Reads a record's path back, as `StoreLayout` spelled it.
    func imageName(_ path: FilePath) -> (reference: ImageReference, platform: String)? {
        var names = path.components.dropFirst(layout.root.components.count + 1).map(\.string)[...]
        guard names.count >= 4, let file = names.popLast(), file.hasSuffix(".json"),
            let version = names.popLast()
        else { return nil }
        let name = names.joined(separator: "/")
        let text =
            version.hasPrefix("@") ? "\(name)@sha256:\(version.dropFirst())" : name + version
        guard let reference = try? ImageReference(text) else { return nil }
        return (reference, String(file.dropLast(".json".count)))
    }

    private func storedImage(_ path: FilePath, _ record: ImageRecord) -> StoredImage? {
        guard let name = imageName(path) else { return nil }
        return StoredImage(
            reference: name.reference,
            platform: name.platform,
            record: record,
            path: path
        )
    }
}
