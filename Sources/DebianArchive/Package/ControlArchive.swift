// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb(5); dpkg, src/main/unpack.c (`pkg_infodb_update`).

import OCILayer
import OCIStore

/// The files that a package brings for dpkg: its control paragraph, scripts, checksums and more.
struct ControlArchive {
    /// A control file.
    struct File {
        let name: [UInt8]
        let mode: UInt32
        let time: ModificationTime
        let content: [UInt8]
    }

    /// Of all files together; the checksums of the largest packages take a tenth of that.
    private static let maximumSize = 64 << 20

    let files: [File]

    /// The file of that name.
    func file(_ name: String) -> File? {
        files.first { $0.name.elementsEqual(name.utf8) }
    }

    /// Reads the archive to its end.
    static func read(
        _ member: DebianContainer.Member,
        limits: LayerLimits,
        _ subject: PackageSubject
    ) throws(PackageError) -> ControlArchive {
        let stream = DecodedStream(
            of: member.part,
            member.codec,
            limits: limits,
            isHashed: false
        ) { _ in }
        defer { stream.cancel() }
        let archive = try subject.reading(.control) { () throws(LayerError) -> ArchiveReader in
            try ArchiveReader.tar(stream)
        }
        var files: [File] = []
        var size: Int64 = 0
        while let entry = try subject.reading(
            .control,
            { () throws(LayerError) -> ArchiveEntry? in try archive.next() }
        ) {
            if case .directory = entry.kind, [".", "./"].contains(where: entry.isNamed) {
                continue
            }
            guard case .file = entry.kind, let name = fileName(entry.name),
                !files.contains(where: { $0.name == name })
            else { throw subject.fault(.controlFile(entry.name)) }
            size += max(0, entry.size)
            guard entry.size >= 0, size <= maximumSize else { throw subject.fault(.controlSize) }
            let content = try subject.reading(.control) { () throws(LayerError) -> [UInt8] in
                try Self.content(of: entry, archive)
            }
            files.append(File(name: name, entry, content))
        }
        try subject.reading(.control) { () throws(LayerError) in _ = try stream.digest() }
        return ControlArchive(files: files)
    }

    /// The name without `./`, where it is one that can become part of a file's name.
    ///
    /// dpkg keeps `list` to itself and never takes a name with a dot.
    private static func fileName(_ name: [UInt8]) -> [UInt8]? {
        let name = name.starts(with: "./".utf8) ? Array(name.dropFirst(2)) : name
        let isValid = name.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isValid, !name.isEmpty, name.count < 64, !name.elementsEqual("list".utf8) else {
            return nil
        }
        return name
    }

    private static func content(
        of entry: ArchiveEntry,
        _ archive: borrowing ArchiveReader
    ) throws(LayerError) -> [UInt8] {
        var content: [UInt8] = []
        let isWhole = try unsafe archive.content(size: entry.size) { piece throws(LayerError) in
            switch unsafe piece {
            case .bytes(let bytes): unsafe content.append(contentsOf: bytes)
            case .hole(let count): content += repeatElement(0, count: Int(count))
            }
        }
        guard isWhole else { throw .entry(.size, name: entry.name) }
        return content
    }
}

extension ControlArchive.File {
    fileprivate init(name: [UInt8], _ entry: ArchiveEntry, _ content: [UInt8]) {
        self.name = name
        self.mode = entry.mode & 0o755
        self.time = ModificationTime(seconds: entry.seconds)
        self.content = content
    }
}

extension ArchiveEntry {
    fileprivate func isNamed(_ text: String) -> Bool { name.elementsEqual(text.utf8) }
}
