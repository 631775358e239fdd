// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch recipe` against mirrors that lie, lead elsewhere or go away.
@Suite struct HostileMirrorTests {
    let archive: TestArchive

    init() throws {
        archive = try TestArchive()
    }

    @Test func aFlippedByteInAPackageIsRefusedByName() throws {
        let deb = try #require(try archive.debs.first { $0.contains("compiler") })
        try archive.damage(deb)
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let errors = try run.refusal()
        #expect(errors.contains("error: package compiler 1.0 (amd64) cannot be had: "))
        #expect(errors.contains("the digest of what came is"))
    }

    @Test func aFlippedByteInAnIndexIsRefusedByName() throws {
        for path in try FileManager.default.subpathsOfDirectory(atPath: archive.root.string)
        where path.contains("dists/test/") && !path.hasSuffix("InRelease")
            && FileManager.default.contents(atPath: archive.root.appending(path).string) != nil
        {
            try archive.damage(path)
        }
        let run = try RecipeRun(archive, from: [try TestMirror(archive.root).address])
        // The server is gone with the line above: a mirror that nobody answers for.
        #expect(try run.run().status == 125)
        let mirror = try TestMirror(archive.root)
        let other = try RecipeRun(archive, from: [mirror.address])
        let errors = try other.refusal()
        #expect(errors.contains("error: the index \(TestArchive.index)"), "\(errors)")
        #expect(errors.contains("the digest of what came is"))
    }

    @Test(arguments: [-1, 1])
    func anotherSizeIsRefused(_ more: Int) throws {
        let deb = try #require(try archive.debs.first { $0.contains("library") })
        let bytes = try archive.bytes(deb)
        try archive.write(deb, more > 0 ? bytes + [0] : bytes.dropLast())
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let errors = try run.refusal()
        #expect(errors.contains("package library 1.0 (amd64)"))
        #expect(errors.contains("\(bytes.count) bytes were announced, but"))
    }

    @Test func anExpiredReleaseIsRefused() throws {
        try archive.release(
            "test-security",
            in: "debian-security",
            date: Date() - 1_000_000,
            expires: -1000,
            isEmpty: true
        )
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let errors = try run.refusal()
        #expect(errors.contains("the release file of test-security"), "\(errors)")
    }

    @Test func aReleaseOfAStrangerIsRefused() throws {
        try archive.release("test", in: "debian", isForged: true)
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let errors = try run.refusal()
        #expect(errors.contains("the release file of test"), "\(errors)")
    }

    @Test func aChangedReleaseIsRefused() throws {
        var text = String(
            decoding: try archive.bytes("debian/dists/test/InRelease"),
            as: UTF8.self
        )
        text.replace("Origin: Test", with: "Origin: Tesd")
        try archive.write("debian/dists/test/InRelease", Array(text.utf8))
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        try run.refusal()
    }

    @Test func aNeverEndingReleaseEnds() throws {
        let mirror = try TestMirror(archive.root) { request in
            guard request.file.hasSuffix("test/InRelease") else { return nil }
            var reply = Reply(ending: .endless)
            reply.length = nil
            return reply
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let errors = try run.refusal()
        #expect(errors.contains("it is larger than 4.0 MiB"), "\(errors)")
    }

    @Test func whatWasInterruptedIsGoneOnWith() throws {
        let deb = try #require(try archive.debs.first { $0.contains("compiler") })
        let mirror = try TestMirror(archive.root) { [root = archive.root] request in
            guard request.file == deb, request.offset == 0 else { return nil }
            return TestMirror.file(for: request, in: root).cut(at: 100_000, .stall)
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let running = try run.start()
        // Until the cut file is there as far as it goes.
        let downloads = run.store.appending("tmp/downloads").string
        for _ in 0..<500 {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: downloads)) ?? []
            let sizes = names.compactMap {
                try? FileManager.default.attributesOfItem(atPath: "\(downloads)/\($0)")[.size]
                    as? Int
            }
            if sizes.contains(100_000) { break }
            usleep(20_000)
        }
        kill(running.process.processIdentifier, SIGKILL)
        _ = try running.wait()
        try run.check()
        #expect(mirror.requests(deb).map(\.offset) == [0, 100_000])
    }

    @Test func aRedirectToAnotherHostIsFollowed() throws {
        let other = try TestMirror(archive.root)
        let mirror = try TestMirror(archive.root) { request in
            guard request.file.hasSuffix(".deb") else { return nil }
            return Reply(302, headers: ["Location": "\(other.address)\(request.path)"])
        }
        try RecipeRun(archive, from: [mirror.address]).check()
        #expect(other.requests(".deb").count == TestArchive.packages.count)
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://user@127.0.0.1/"])
    func theseRedirectsAreNotFollowed(_ location: String) throws {
        let mirror = try TestMirror(archive.root) { request in
            request.file.hasSuffix(".deb") ? Reply(302, headers: ["Location": location]) : nil
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let errors = try run.refusal()
        #expect(errors.contains("it redirects to '\(location)'"), "\(errors)")
    }

    @Test func aProxyIsAskedForOtherHosts() throws {
        let proxy = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: ["http://mirror.invalid"])
        run.environment["http_proxy"] = proxy.address
        try run.check()
        #expect(proxy.server.requests.allSatisfy { $0.target.hasPrefix("http://mirror.invalid/") })
    }

    @Test func aPasswordIsForItsMirrorAndForNobodysEyes() throws {
        let other = try TestMirror(archive.root)
        let mirror = try TestMirror(archive.root) { request in
            guard request.headers["authorization"] == "Basic dXNlcjpjYW5hcnk=" else {
                return Reply(401)
            }
            guard request.file.hasSuffix(".deb") else { return nil }
            return Reply(302, headers: ["Location": "\(other.address)\(request.path)"])
        }
        let address = "http://user:canary@127.0.0.1:\(mirror.server.port)"
        try RecipeRun(archive, from: [address]).check()
        #expect(other.server.requests.allSatisfy { $0.headers["authorization"] == nil })
        var run = try RecipeRun(archive, from: [address.replacing("user:", with: "other:")])
        run.arguments = ["--verbose"]
        let errors = try run.refusal()
        #expect(errors.contains("it wants a password"))
        #expect(!errors.contains("canary"))
    }

    @Test func escapesOfStrangersDoNotReachTheTerminal() throws {
        let mirror = try TestMirror(archive.root) { request in
            guard request.file.hasSuffix(".deb") else { return nil }
            return Reply(302, headers: ["Location": "ftp://\u{1B}]0;title\u{7}/"])
        }
        let result = try RecipeRun(archive, from: [mirror.address]).run()
        #expect(result.status == 125)
        #expect(!result.errors.utf8.contains(0x1B) && !result.errors.utf8.contains(7))
    }

    @Test func mirrorsOfOtherKindsAreRefused() throws {
        let run = try RecipeRun(archive, from: ["ftp://user:canary@mirror.example"])
        let errors = try run.refusal()
        #expect(errors.contains("only known by addresses that cannot be fetched from: ftp:"))
        #expect(!errors.contains("canary"))
    }
}
