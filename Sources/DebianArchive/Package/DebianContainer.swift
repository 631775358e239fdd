// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb(5).

import Glibc
import OCILayer
import OCIStore
import SystemPackage

/// Where in a `.deb` file its two archives are, and how they are compressed.
struct DebianContainer {
    /// A member of the file.
    struct Member {
        let part: BlobPart
        let codec: Codec
    }

    // ar(5): what the file begins with, the header before each member's bytes, and its last ones.
    private static let magicSize: Int64 = 8
    private static let headerSize: Int64 = 60
    private static let headerEnd = Array("`\n".utf8)

    let control: Member
    let data: Member

    /// Finds the members; they are `debian-binary`, `control.tar.…` and `data.tar.…`, in that order
    /// and nothing else.
    static func read(
        _ deb: FilePath,
        _ subject: PackageSubject
    ) throws(PackageError) -> DebianContainer {
        let members = try members(of: deb, subject)
        guard members.count > 2 else { throw subject.fault(.member(nil)) }
        guard members[0].name.elementsEqual("debian-binary".utf8) else {
            throw subject.fault(.member(members[0].name))
        }
        let version = try subject.reading(.container) { () throws(LayerError) -> [UInt8] in
            try decompress(members[0].part, .none, limit: 64)
        }
        // Minor versions are compatible.
        guard version.starts(with: "2.".utf8), version.last == UInt8(ascii: "\n") else {
            throw subject.fault(.formatVersion)
        }
        let control = try member(members[1], "control.tar", subject)
        let data = try member(members[2], "data.tar", subject)
        guard members.count == 3 else { throw subject.fault(.member(members[3].name)) }
        return DebianContainer(control: control, data: data)
    }

    private static func members(
        of deb: FilePath,
        _ subject: PackageSubject
    ) throws(PackageError) -> [(name: [UInt8], part: BlobPart)] {
        let size = try size(of: deb)
        let archive = try subject.reading(.container) { () throws(LayerError) -> ArchiveReader in
            try ArchiveReader.ar(deb)
        }
        var members: [(name: [UInt8], part: BlobPart)] = []
        var start = magicSize + headerSize
        while members.count < 4,
            let entry = try subject.reading(
                .container,
                { () throws(LayerError) -> ArchiveEntry? in try archive.next() }
            )
        {
            guard start <= size, entry.size >= 0, entry.size <= size - start else {
                throw subject.fault(.truncated)
            }
            // Names of some dialects of ar lie between header and bytes, so that they are elsewhere.
            let end = try subject.reading(.container) { () throws(LayerError) -> [UInt8] in
                try decompress(BlobPart(of: deb, range: start - 2..<start), .none, limit: 2)
            }
            guard end == headerEnd else { throw subject.fault(.member(entry.name)) }
            members.append((entry.name, BlobPart(of: deb, range: start..<start + entry.size)))
            // Members start at even offsets.
            start += entry.size + entry.size % 2 + headerSize
        }
        return members
    }

    private static func member(
        _ member: (name: [UInt8], part: BlobPart),
        _ name: String,
        _ subject: PackageSubject
    ) throws(PackageError) -> Member {
        guard member.name.starts(with: name.utf8) else {
            throw subject.fault(.member(member.name))
        }
        let codec: Codec
        switch String(decoding: member.name.dropFirst(name.utf8.count), as: UTF8.self) {
        case "": codec = .none
        case ".gz": codec = .gzip
        case ".xz": codec = .xz
        case ".zst": codec = .zstd
        default: throw subject.fault(.member(member.name))
        }
        return Member(part: member.part, codec: codec)
    }

    private static func size(of deb: FilePath) throws(PackageError) -> Int64 {
        var status = stat()
        do throws(StoreError) {
            try systemCall("stat", deb) {
                unsafe deb.withPlatformString { unsafe stat($0, &status) }
            }
        } catch {
            throw .store(error)
        }
        return Int64(status.st_size)
    }
}
