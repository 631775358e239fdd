// SPDX-License-Identifier: MIT OR Apache-2.0

import CArchive
import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Compares with what others make of the same layers.
@Suite struct ReferenceTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    @Test func treeIsWhatUmociMakesOfTheSameImage() throws {
        let work = layers.directory.path.appending("work").string
        // Two layers that umoci itself makes of a tree and its changes, whiteouts and all.
        let script = """
            set -e
            mkdir "$1" && cd "$1"
            umoci init --layout image && umoci new --image image:x
            umoci unpack --rootless --image image:x one
            cd one/rootfs
            mkdir -p usr/lib etc/deep/er gone/inside ro && ln -s usr/lib lib
            echo passwd > etc/passwd && echo shadow > etc/shadow && chmod 0 etc/shadow
            ln etc/passwd etc/link && mkfifo etc/pipe && ln -s /etc/passwd etc/absolute
            head -c 3000000 /dev/urandom > usr/lib/large && : > etc/empty
            echo x > gone/inside/x && echo y > ro/y && chmod 555 ro && touch -d @-5 etc/old
            printf bytes > "$(printf 'etc/\\377\\303\\251')"
            cd ../.. && umoci repack --image image:x one && rm -rf one || true
            umoci unpack --rootless --image image:x two
            cd two/rootfs
            rm -rf gone etc/link && echo changed > etc/passwd && rm usr/lib/large
            rm -r etc/deep && echo file > etc/deep && rm etc/empty && mkdir etc/empty && echo z > etc/empty/z
            cd ../.. && umoci repack --image image:x two
            umoci unpack --rootless --image image:x three
            """
        let made = try run("sh", "-c", script, "sh", work)
        try #require(made.status == 0, "\(made.output)")
        let diffIDs = try unpackImage("\(work)/image")
        let root = try layers.store.materialise(diffIDs).path
        let theirs = try listing(FilePath("\(work)/three/rootfs"))
        #expect(try listing(root) == theirs)
        #expect(theirs.count > 20)
    }

    @Test func libarchiveReadsTheIndex() throws {
        var tar = ordinaryArchive()
        tar.add("l", type: "2", link: "etc/1 2")
        tar.add("h", type: "1", link: "etc/1")
        tar.add("p", type: "6")
        tar.add("n".utf8, type: "3", major: 1, minor: 3)
        tar.add("etc/.wh.gone")
        tar.add([0x20, 0x5C, 0x23, 0xFF], content: [1])
        let diffID = try layers.unpack(tar.archive)
        let index = layers.store.path.appending("layers").appending("\(diffID.hex).mtree")
        let archive = unsafe archive_read_new()
        defer { unsafe archive_read_free(archive) }
        unsafe archive_read_support_format_mtree(archive)
        #expect(unsafe archive_read_open_filename(archive, index.string, 65_536) == ARCHIVE_OK)
        var entry: OpaquePointer?
        var names: [[UInt8]] = []
        while case let status = unsafe archive_read_next_header(archive, &entry),
            status != ARCHIVE_EOF
        {
            try #require(status == ARCHIVE_OK)
            let name = unsafe archive_entry_pathname(entry)
            names.append(
                unsafe name.map {
                    unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))
                } ?? []
            )
        }
        #expect(names.count == 29)
        #expect(names.last == Array("./".utf8) + [0x20, 0x5C, 0x23, 0xFF])
        #expect(names.contains(Array("./etc/.wh.gone".utf8)))
    }

    /// Unpacks every layer of the image in an OCI layout; their diff IDs.
    private func unpackImage(_ layout: String) throws -> [Digest] {
        struct Index: Decodable { var manifests: [Descriptor] }
        struct Manifest: Decodable { var config: Descriptor, layers: [Descriptor] }
        struct Configuration: Decodable {
            struct Layers: Decodable { var diff_ids: [Digest] }
            var rootfs: Layers
        }
        func read<Document: Decodable>(_ path: String, as type: Document.Type) throws -> Document {
            try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
        }
        func blob(_ descriptor: Descriptor) -> String {
            "\(layout)/blobs/sha256/\(descriptor.digest.hex)"
        }
        let index = try read("\(layout)/index.json", as: Index.self)
        let manifest = try read(blob(#require(index.manifests.last)), as: Manifest.self)
        let diffIDs = try read(blob(manifest.config), as: Configuration.self).rootfs.diff_ids
        for (layer, diffID) in zip(manifest.layers, diffIDs) {
            try unpackAlone(
                FilePath(blob(layer)),
                mediaType: LayerMediaType(layer.mediaType),
                diffID: diffID,
                into: layers.store
            ) { _ in }
        }
        #expect(diffIDs.count == 2)
        return diffIDs
    }

    private func listing(_ root: FilePath) throws -> [String] {
        let lines = try run(
            "find",
            root.string,
            "-mindepth",
            "1",
            "-printf",
            "%P %y %m %T@ %l\\n"
        ).output
        let sums = try run(
            "sh",
            "-c",
            "cd \"$1\" && find . -type f -exec sha256sum {} +",
            "sh",
            root.string
        ).output
        return lines.split(separator: "\n").map { String($0) }.sorted()
            + sums.split(separator: "\n").map { String($0) }.sorted()
    }
}
