// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto
import Dockerfile
import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import StoreTestSupport
import SystemPackage
import Testing

@testable import cross

/// `ADD` of archives and URLs, which `cross-fetch` unpacks and downloads.
@Suite struct AddTests: ~Copyable {
    private let ground: BuildGround

    init() throws { ground = try BuildGround() }

    private static var archive: [UInt8] {
        var tar = TarBuilder()
        tar.add("./", type: "5", mode: 0o700)
        tar.add("tool/", type: "5", mode: 0o750)
        tar.add("tool/run", content: "tool\n", mode: 0o755)
        tar.add("tool/again", type: "1", link: "tool/run")
        tar.add("tool/link", type: "2", link: "/outside")
        tar.add("deep/er/file", content: "deep\n", mode: 0o600)
        return tar.archive
    }

    @Test(arguments: [["cat"], ["gzip"], ["bzip2"], ["xz"], ["zstd", "-q", "-c"]])
    func archivesAreUnpackedWhateverTheyAreCalled(program: [String]) throws {
        try ground.file("src/data", try compressed(Self.archive, with: program))
        let image = try ground.build(
            "FROM base\nADD src/data /opt/it\nRUN cat /opt/it/tool/again >/said"
        )
        #expect(try ground.content(image, "said") == "tool\n")
        #expect(try ground.content(image, "opt/it/deep/er/file") == "deep\n")
        #expect(try ground.mode(image, "opt/it/tool") == 0o750)
        #expect(try ground.mode(image, "opt/it/deep/er/file") == 0o600)
        // The directory itself is no part of the archive.
        #expect(try ground.mode(image, "opt/it") == 0o755)
        #expect(try !ground.exists(image, "opt/it/data"))
    }

    @Test func whatIsNoArchiveIsCopied() throws {
        let compressedText = try compressed(Array("text".utf8), with: ["gzip", "-n"])
        try ground.file("src/text.tar.gz", compressedText)
        try ground.file("src/empty.tar", [UInt8](repeating: 0, count: 1024))
        try ground.file("src/a.tar", Self.archive)
        let image = try ground.build(
            """
            FROM base
            ADD src/text.tar.gz src/empty.tar run.sh /some/
            ADD --unpack=false src/a.tar /kept
            COPY src/a.tar /copied/
            ADD src /directory
            """
        )
        #expect(try ground.exists(image, "some/text.tar.gz"))
        #expect(try ground.exists(image, "some/empty.tar"))
        #expect(try ground.mode(image, "some/run.sh") == 0o755)
        #expect(try ground.exists(image, "kept"))
        #expect(try ground.exists(image, "copied/a.tar"))
        #expect(try ground.exists(image, "directory/a.tar"))
    }

    @Test func sourcesAreLaidOverEachOtherInTheirOrder() throws {
        try ground.file("src/a.tar", Self.archive)
        try FileManager.default.createDirectory(
            atPath: ground.context.pushing("over/tool").string,
            withIntermediateDirectories: true
        )
        try ground.file("over/tool/run", "over\n")
        let after = try ground.build("FROM base\nADD src/a.tar over /x/")
        #expect(try ground.content(after, "x/tool/run") == "over\n")
        #expect(try ground.content(after, "x/tool/again") == "tool\n")
        let before = try ground.build("FROM base\nADD over src/a.tar /x/")
        #expect(try ground.content(before, "x/tool/run") == "tool\n")
    }

    @Test func modesOwnersAndLinksOfTheImageCount() throws {
        try ground.file("src/a.tar", Self.archive)
        let image = try ground.build(
            """
            FROM base
            RUN mkdir /real && ln -s real /link
            ADD --chmod=go-rwx,u+w --chown=7:8 src/a.tar /link
            """
        )
        #expect(try ground.content(image, "real/tool/run") == "tool\n")
        #expect(try ground.mode(image, "real/tool") == 0o700)
        #expect(try ground.mode(image, "real/tool/run") == 0o700)
        #expect(try ground.mode(image, "real") == 0o755)
        let layer = try #require(image.record?.layers.last)
        let index = try String(
            contentsOfFile: ground.steps.store.path.appending("layers")
                .appending("\(layer).mtree".replacing("sha256:", with: "")).string,
            encoding: .utf8
        )
        #expect(index.contains("uid=7 ") && index.contains("gid=8 "))
    }

    // Nothing an archive says may reach what is outside of the root, nor hide what is in it.
    @Test func hostileArchivesAreRefusedByPlace() throws {
        var hostile: [TarBuilder] = []
        for name in ["../x", "tool/../../x", "a/./../../x", ".wh.x", "a/.wh..wh..opq"] {
            var tar = TarBuilder()
            tar.add(name, content: "x")
            hostile.append(tar)
        }
        var link = TarBuilder()
        link.add("x", type: "1", link: "../../etc/passwd")
        hostile.append(link)
        var missing = TarBuilder()
        missing.add("x", type: "1", link: "etc/passwd")
        hostile.append(missing)
        for (index, tar) in hostile.enumerated() {
            try ground.file("src/a.tar", tar.archive)
            #expect(throws: (any Error).self, "case \(index)") {
                _ = try ground.build("FROM base\nADD src/a.tar /opt/")
            }
        }
        let cut = try compressed(
            Self.archive + (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0) },
            with: ["gzip"]
        )
        try ground.file("src/a.tar", Array(cut.dropLast(9)))
        #expect(throws: FetchError.failed(125)) {
            _ = try ground.build("FROM base\nADD src/a.tar /opt/")
        }
    }

    @Test func absoluteNamesLandBelowTheDirectory() throws {
        var tar = TarBuilder()
        tar.add("/etc/x", content: "x")
        tar.add("dev/null", type: "3")
        tar.add("pipe", type: "6")
        try ground.file("src/a.tar", tar.archive)
        let image = try ground.build("FROM base\nADD src/a.tar /opt/")
        #expect(try ground.content(image, "opt/etc/x") == "x")
        #expect(try !ground.exists(image, "opt/dev/null"))
        #expect(try ground.exists(image, "opt/pipe"))
    }

    @Test func downloadsAreMadeOnceAndChecked() throws {
        let text = Array("downloaded".utf8)
        let archive = Self.archive
        let server = try ScriptedServer { request in
            switch request.path {
            case "/moved": Reply(302, headers: ["Location": "/file"])
            case "/a.tar": Reply(body: archive)
            case "/file": Reply(body: text)
            default: Reply(404)
            }
        }
        let url = "http://127.0.0.1:\(server.port)"
        let sum = SHA256.hash(data: text).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            .joined()
        let dockerfile = """
            FROM base
            ADD --checksum=sha256:\(sum) \(url)/file?query /got/
            ADD --chmod=755 \(url)/moved /named
            ADD \(url)/a.tar /kept/
            ADD --unpack=true \(url)/a.tar run.sh /unpacked/
            """
        let image = try ground.build(dockerfile)
        #expect(try ground.content(image, "got/file") == "downloaded")
        #expect(try ground.mode(image, "got/file") == 0o600)
        #expect(try ground.mode(image, "named") == 0o755)
        #expect(try ground.exists(image, "kept/a.tar"))
        #expect(try ground.content(image, "unpacked/tool/run") == "tool\n")
        #expect(try ground.exists(image, "unpacked/run.sh"))
        let requests = server.requests.count
        #expect(try ground.build(dockerfile) == image)
        #expect(try ground.build(dockerfile, isOffline: true) == image)
        // Elsewhere the same bytes are the same layer.
        _ = try ground.build("FROM base\nRUN true\nADD --checksum=sha256:\(sum) \(url)/file /got/")
        #expect(server.requests.count == requests)
    }

    @Test func whatCannotBeDownloadedIsAnError() throws {
        let server = try ScriptedServer { request in
            request.path == "/file" ? Reply(body: Array("x".utf8)) : Reply(404)
        }
        let url = "http://127.0.0.1:\(server.port)"
        let other = String(repeating: "0", count: 64)
        for line in [
            "ADD \(url)/nothing /x", "ADD --checksum=sha256:\(other) \(url)/file /x",
            "ADD http:///x /x",
        ] {
            #expect(throws: FetchError.failed(125)) { _ = try ground.build("FROM base\n\(line)") }
        }
        #expect(throws: BuildError.offline(ground.place(2), "\(url)/file")) {
            _ = try ground.build("FROM base\nADD \(url)/file /x", isOffline: true)
        }
        #expect(
            try ground.refusal("FROM base\nADD \(url)/file \(url)/other /x")
                == .context(ground.place(2), .severalSources(destination: "/x"))
        )
    }

    // Nothing of a context leads out of it, and what is no file is never opened.
    @Test func aHostileContextIsNeverLeft() throws {
        let outside = ground.steps.directory.path.appending("outside.tar").string
        try Data(Self.archive).write(to: URL(filePath: outside))
        let links = ["up": "../../outside.tar", "absolute": outside, "proc": "/proc/self/environ"]
        for (name, target) in links {
            let path = ground.context.pushing(FilePath("src/\(name)")).string
            try FileManager.default.createSymbolicLink(
                atPath: path,
                withDestinationPath: target
            )
            #expect(
                try ground.refusal("FROM base\nADD src/\(name) /x/")
                    == .context(ground.place(2), .notFound("src/\(name)"))
            )
        }
        let made = unsafe mkfifo(ground.context.pushing("src/pipe").string, 0o644)
        #expect(made == 0)
        // Only root may make one; nobody may copy one.
        _ = unsafe mknod(ground.context.pushing("src/device").string, S_IFCHR | 0o644, 0x103)
        let image = try ground.build("FROM base\nADD src/pipe /one/\nADD src /all/")
        #expect(try ground.exists(image, "one/pipe"))
        #expect(try !ground.exists(image, "all/device"))
        let tree = try ground.steps.store.materialise(try #require(image.record))
        let path = tree.path.pushing("all/absolute").string
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == outside)
    }
}
