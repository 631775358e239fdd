// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import StoreTestSupport
import SystemPackage
import Testing

@testable import OCIStore

@Suite struct LayerIndexTests: ~Copyable {
    let directory: TemporaryDirectory
    let path: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("index")
    }

    @Test(arguments: 0..<5)
    func anyEntriesComeBackAsTheyWere(seed: UInt64) throws {
        var random = SplitMix(seed)
        let entries = (0..<100).map { _ in LayerEntry.random(using: &random) }
        try write(entries)
        #expect(try read() == entries)
    }

    @Test func everyLineIsPrintableASCII() throws {
        var random = SplitMix(7)
        try write((0..<50).map { _ in LayerEntry.random(using: &random) })
        #expect(try content(path).utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    }

    @Test func largeIndexIsReadPieceByPiece() throws {
        var random = SplitMix(1)
        let entries = (0..<2000).map { _ in LayerEntry.random(using: &random) }
        try write(entries)
        #expect(try read() == entries)
    }

    @Test(arguments: [
        ("", 1), ("#mtree", 1), ("#mtree\n", 2), ("#other\n# entries=0\n", 1),
        ("#mtree\n# entries=1\n", 2), ("#mtree\n# entries=0\n./a\n", 3),
        ("#mtree\n./a type=dir\n# entries=1\n", 2),
        ("#mtree\n./a type=dir mode=0755 uid=0 gid=0 time=0.000000000", 2),
        ("#mtree\n./a type=dir mode=0755 uid=0 gid=0 time=0.0\n# entries=1\n", 2),
        ("#mtree\n./a type=dir mode=0755 uid=0 gid=0 time=0.000000000 new=1\n# entries=1\n", 2),
        ("#mtree\n./../a type=dir mode=0755 uid=0 gid=0 time=0.000000000\n# entries=1\n", 2),
        ("#mtree\n./\\999 type=dir mode=0755 uid=0 gid=0 time=0.000000000\n# entries=1\n", 2),
        ("#mtree\n./\\000 type=dir mode=0755 uid=0 gid=0 time=0.000000000\n# entries=1\n", 2),
        (
            "#mtree\n./a type=file mode=0644 uid=0 gid=0 time=0.000000000 size=1\n# entries=1\n", 2
        ),
    ])
    func damageIsNamedWithItsLine(text: String, line: Int) throws {
        try StoreTestSupport.write(text, to: path)
        #expect(throws: StoreError.damaged(path, line: line)) { _ = try read() }
    }

    @Test func truncationAtAnyByteIsNoticed() throws {
        var random = SplitMix(3)
        try write((0..<3).map { _ in LayerEntry.random(using: &random) })
        let whole = try content(path)
        for length in stride(from: 0, to: whole.utf8.count - 1, by: 11) {
            try StoreTestSupport.write(
                String(decoding: whole.utf8.prefix(length), as: UTF8.self),
                to: path
            )
            #expect(throws: StoreError.self) { _ = try read() }
        }
    }

    private func write(_ entries: [LayerEntry]) throws {
        let file = try OwnedDescriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        var writer = LayerIndexWriter(to: file)
        for entry in entries { try writer.append(entry) }
        _ = try writer.finish()
    }

    private func read() throws -> [LayerEntry] {
        var reader = try LayerIndexReader(opening: path)
        var entries: [LayerEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }
}

extension LayerEntry {
    /// An entry of any kind with any bytes.
    static func random(using random: inout SplitMix) -> LayerEntry {
        let path = LayerPath.random(using: &random)
        let kinds: [(inout SplitMix) -> Kind] = [
            { _ in .directory }, { _ in .fifo }, { _ in .whiteout }, { _ in .opaque },
            { .hardLink(LayerPath.random(using: &$0)) },
            { .symbolicLink(PathBytes(bytes(1...4095, using: &$0)) ?? "x") },
            {
                .device(
                    Device(
                        isBlock: .random(using: &$0),
                        major: .random(in: 0 ... .max, using: &$0),
                        minor: 3
                    )
                )
            },
            { random in
                let digest = Digest.of(bytes(0...9, using: &random))
                return .file(
                    FileContent(
                        size: .random(in: 0 ... .max, using: &random),
                        digest: digest,
                        object: ObjectName(digest)
                    )
                )
            },
        ]
        return LayerEntry(
            path: path,
            kind: kinds[Int.random(in: 0..<kinds.count, using: &random)](&random),
            metadata: InodeMetadata(
                mode: .random(in: 0...0o7777, using: &random),
                uid: .random(in: .min ... .max, using: &random),
                gid: .random(in: 0...1000, using: &random),
                time: ModificationTime(
                    seconds: .random(in: .min ... .max, using: &random),
                    nanoseconds: .random(in: 0...999_999_999, using: &random)
                ),
                attributes: (0..<Int.random(in: 0...2, using: &random)).map { index in
                    ExtendedAttribute(
                        name: Array("user.\(index)".utf8) + bytes(0...20, using: &random),
                        value: bytes(0...50, using: &random) + [0]
                    )
                }
            )
        )
    }

    /// Any bytes but NUL.
    fileprivate static func bytes(
        _ count: ClosedRange<Int>,
        using random: inout SplitMix
    ) -> [UInt8] {
        (0..<Int.random(in: count, using: &random) % 300 + count.lowerBound).map { _ in
            .random(in: 1 ... .max, using: &random)
        }
    }
}

extension LayerPath {
    /// A path that says nothing special.
    fileprivate static func random(using random: inout SplitMix) -> LayerPath {
        while true {
            let bytes = LayerEntry.bytes(1...200, using: &random)
            if case .path(let path) = try? LayerName(bytes), !path.components.isEmpty {
                return path
            }
        }
    }
}
