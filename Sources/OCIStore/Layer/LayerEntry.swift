// SPDX-License-Identifier: MIT OR Apache-2.0

/// One thing that a layer says: of a path, what is there or no longer there.
package struct LayerEntry: Hashable, Sendable {
    /// What a layer can say of a path.
    package enum Kind: Hashable, Sendable {
        /// A directory; what lower layers have in it stays.
        case directory
        /// A file whose content is an object.
        case file(FileContent)
        /// A symbolic link; the target is any bytes.
        case symbolicLink(PathBytes)
        /// Another name of something that this layer or a lower one has.
        case hardLink(LayerPath)
        /// A named pipe.
        case fifo
        /// A device, which is written down but never made.
        case device(Device)
        /// Lower layers' entry is removed.
        case whiteout
        /// Everything lower layers have in this directory is removed.
        case opaque
    }

    /// Which device a layer means.
    package struct Device: Hashable, Sendable {
        /// A block device, else a character device.
        package let isBlock: Bool
        /// The major number.
        package let major: UInt32
        /// The minor number.
        package let minor: UInt32

        /// A device of the given numbers.
        package init(isBlock: Bool, major: UInt32, minor: UInt32) {
            self.isBlock = isBlock
            self.major = major
            self.minor = minor
        }
    }

    /// Where; for a whiteout what is removed, for an opaque directory the directory.
    package let path: LayerPath
    /// What.
    package let kind: Kind
    /// Mode, owner, time and attributes.
    package let metadata: InodeMetadata

    /// An entry of the given parts.
    package init(path: LayerPath, kind: Kind, metadata: InodeMetadata) {
        self.path = path
        self.kind = kind
        self.metadata = metadata
    }

    /// The name as an archive has it.
    package var name: LayerName {
        switch kind {
        case .whiteout: .whiteout(path)
        case .opaque: .opaque(path)
        default: .path(path)
        }
    }
}

/// The content of a file in a layer.
package struct FileContent: Hashable, Sendable {
    /// In bytes.
    package let size: Int64
    /// Of the bytes alone.
    package let digest: Digest
    /// The object that holds the bytes and carries the metadata.
    package let object: ObjectName
}
