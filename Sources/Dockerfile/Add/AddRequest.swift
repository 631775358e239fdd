// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What `ADD` needs of the program that may download files and read archives.
///
/// Each source becomes a layer of the store, published under its key.
public struct AddRequest: Hashable, Sendable, Codable {
    /// Where in which file the instruction stands, for messages.
    public let place: String
    /// In the order of the instruction.
    public let sources: [Source]

    /// A request of the given parts.
    public init(place: String, sources: [Source]) {
        self.place = place
        self.sources = sources
    }

    /// A file that may be an archive, or is to be downloaded.
    public struct Source: Hashable, Sendable, Codable {
        /// Where the bytes are.
        public enum Origin: Hashable, Sendable, Codable {
            /// In a file of the store's, by its path from there; nobody changes it.
            case file(String)
            /// On a server.
            case url(String, checksum: Digest?)
        }

        /// What a user knows it by; nothing depends on it.
        public let name: String
        /// Where the bytes are.
        public let origin: Origin
        /// Stands for the bytes: their digest, or for a download that has no checksum another name.
        public let content: Digest
        /// Where the file goes, absolute, inside; unless it is unpacked.
        public let path: [UInt8]
        /// The directory inside that an archive is unpacked into; `nil` where none is unpacked.
        public let directory: [UInt8]?
        /// The file's mode, unless `mode` says otherwise; permission bits.
        public let ownMode: UInt32
        /// `--chmod`: for the file, or for everything in the archive.
        public let mode: FileMode?
        /// `--chown`: else a file is root's, and what is in an archive belongs to whom that says.
        public let owner: Owner?

        /// A source of the given parts.
        public init(
            name: String,
            origin: Origin,
            content: Digest,
            path: [UInt8],
            directory: [UInt8]?,
            ownMode: UInt32,
            mode: FileMode?,
            owner: Owner?
        ) {
            self.name = name
            self.origin = origin
            self.content = content
            self.path = path
            self.directory = directory
            self.ownMode = ownMode
            self.mode = mode
            self.owner = owner
        }

        /// What the layer is called in a store, in place of a diff ID.
        public var key: Digest {
            var writer = StatementWriter()
            writer.append("add 1")
            writer.append(content.hex)
            writer.append(path.hexadecimal)
            writer.append(directory?.hexadecimal)
            writer.append(["\(ownMode)"] + (mode?.words ?? []))
            writer.append(owner.map { ["\($0.uid)", "\($0.gid)"] } ?? [])
            return Digest.of(writer.bytes)
        }
    }

    /// Numbers of a user and a group.
    public struct Owner: Hashable, Sendable, Codable {
        /// The user.
        public let uid: Int64
        /// The group.
        public let gid: Int64

        /// An owner of the given numbers.
        public init(uid: Int64, gid: Int64) {
            self.uid = uid
            self.gid = gid
        }
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
