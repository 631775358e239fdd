// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// What the kernel sees of a process that unpacks hostile layers.
@Suite struct SystemCallTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    /// Owners, sizes that nobody has room for, and formats whose readers run programs.
    private static var layersOfStrangers: [[UInt8]] {
        var owners = TarBuilder()
        owners.addPax(["uid": "4294967295", "gid": "9223372036854775807"])
        owners.add("x", content: "1", mode: 0o6777)
        owners.add("d/", type: "5", mode: 0o7777)
        owners.add("n".utf8, type: "3", major: 1, minor: 3)
        var sizes: [[UInt8]] = ["9223372036854775807", "18446744073709551617"].map { size in
            var tar = TarBuilder()
            tar.addPax(["size": size])
            tar.add("x", content: "1")
            return tar.archive
        }
        var sparse = TarBuilder()
        sparse.addPax([
            "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s",
            "GNU.sparse.realsize": "\(1 << 40)",
        ])
        sparse.add("s".utf8, content: Array("0\n".utf8) + [UInt8](repeating: 0, count: 510))
        sizes.append(sparse.archive)
        let formats = [
            "LRZI", "\u{89}LZO", "begin 644 x\n#86%A\n`\nend\n", "#mtree\n./x type=dir\n",
        ]
        return [owners.archive] + sizes
            + formats.map { Array($0.utf8) + [UInt8](repeating: 0x0A, count: 4096) }
    }

    @Test func noProgramIsRunNoOwnerChangedAndNothingAllocatedAhead() throws {
        let log = layers.directory.path.appending("calls").string
        for archive in Self.layersOfStrangers {
            let blob = try layers.file(archive)
            let traced = try run([
                "strace", "-f", "-A", "-o", log, "-e",
                "trace=execve,execveat,chown,fchown,lchown,fchownat,fallocate,ftruncate,truncate,mknod,mknodat",
                unpackLayers, layers.store.path.string, Self.plain, blob.string,
                "\(Digest.of(archive))",
            ])
            #expect(traced.status >= 0)
        }
        let calls = try content(FilePath(log)).split(separator: "\n")
        let programs = calls.filter { $0.contains("execve") }
        #expect(programs.count == Self.layersOfStrangers.count)
        #expect(!calls.contains { $0.contains("chown") || $0.contains("fallocate") })
        #expect(!calls.contains { $0.contains("mknod") && !$0.contains("S_IFIFO") })
        // A lock file is emptied; nothing is made large before its bytes have come.
        #expect(calls.allSatisfy { !$0.contains("truncate(") || $0.contains(", 0)") })
    }

    @Test(arguments: [("x", 256), ("g", 256), ("L", 128), ("K", 128)] as [(Character, Int)])
    func aHugeHeaderTakesNoMemory(type: Character, mebibytes: Int) throws {
        var tar = TarBuilder()
        let size = String(mebibytes << 20, radix: 8)
        tar.add("x".utf8, type: type, size: Array("\(size)\0".utf8))
        let blob = try layers.file(tar.bytes)
        try lengthen(blob, by: mebibytes << 20)
        #expect(try peakMemory(of: Self.plain, blob) < 64 << 20)
        #expect(try layers.isUntouched)
    }

    @Test func aHugeWindowTakesNoMemory() throws {
        let window: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8, 0x01, 0x00, 0x00]
        let zstd = "application/vnd.oci.image.layer.v1.tar+zstd"
        #expect(try peakMemory(of: zstd, try layers.file(window)) < 256 << 20)
    }

    private static let plain = "application/vnd.oci.image.layer.v1.tar"

    /// A hole costs the disk nothing, and the reader as much as bytes do.
    private func lengthen(_ file: FilePath, by count: Int) throws {
        let length = Int(try status(file).st_size) + count
        try systemCall("truncate", file) {
            unsafe file.withPlatformString { unsafe truncate($0, length) }
        }
    }

    /// The most memory that unpacking a blob takes, in bytes, whatever becomes of it.
    private func peakMemory(of mediaType: String, _ blob: FilePath) throws -> Int {
        let finished = try run([
            "sh", "-c",
            """
            "$@" >/dev/null & pid=$!
            most=0
            while kill -0 $pid 2>/dev/null && read -r line 2>/dev/null </proc/$pid/status; do
                now=$(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$pid/status 2>/dev/null)
                [ "${now:-0}" -gt "$most" ] && most=$now
            done
            echo "$most"
            """,
            "sh", unpackLayers, layers.store.path.string, mediaType, blob.string,
            "\(Digest.of([]))",
        ])
        let kibibytes = finished.output.split(separator: "\n").last.flatMap { Int($0) }
        return try #require(kibibytes) * 1024
    }
}
