// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import RootfsRecipe
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch recipe` against mirrors that lie, are out of date or go away.
@Suite struct HostileMirrorTests {
    let archive: TestArchive

    init() throws {
        archive = try TestArchive()
    }

    private static let index = "main/binary-amd64/Packages"

    /// A mirror in the middle of being brought up to date: other indexes than its release names.
    private func outOfStep() throws -> TestMirror {
        try TestMirror(archive.root) { request in
            if request.file.contains("/by-hash/") { return Reply(404) }
            guard request.file.contains("/test/\(Self.index)") else { return nil }
            return Reply(body: Array("not what was announced".utf8))
        }
    }

    private static let recipeForTwo = Recipe(
        platform: RecipeRun.recipe.platform,
        suite: "test",
        packages: ["compiler", "library:arm64"]
    )

    /// An archive whose library is to be had for two architectures at once, in one version.
    private static func ofTwoArchitectures() throws -> TestArchive {
        let own = TestArchive.Package(
            name: "library",
            fields: ["Multi-Arch: same"],
            files: ["usr/lib/library.so": [2]]
        )
        let foreign = TestArchive.Package(
            name: "library",
            architecture: "arm64",
            fields: ["Multi-Arch: same"],
            files: ["usr/lib/aarch64/library.so": [1]]
        )
        return try TestArchive(
            TestArchive.packages.filter { $0.name != "library" } + [own, foreign]
        )
    }

    @Test func anIndexIsAskedForByItsDigestFirst() throws {
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains(Self.index) ? Reply(body: [1, 2, 3]) : nil
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        try run.check()
        #expect(mirror.requests(".xz").isEmpty && mirror.requests(".gz").isEmpty)
    }

    @Test func anIndexIsAskedForByItsNameNext() throws {
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains("/by-hash/") ? Reply(404) : nil
        }
        try RecipeRun(archive, from: [mirror.address]).check()
    }

    @Test func anIndexOutOfStepIsTakenFromAnotherMirror() throws {
        let (first, second) = (try outOfStep(), try TestMirror(archive.root))
        let run = try RecipeRun(archive, from: [first.address, second.address])
        try run.check()
        // Packages are asked for where they were first.
        #expect(first.requests(".deb").count == TestArchive.packages.count)
        #expect(second.server.requests.count == 1)
    }

    @Test func anIndexOutOfStepEverywhereIsNamedAndNothingPublished() throws {
        let mirror = try outOfStep()
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("the index \(Self.index)"), "\(result.errors)")
        #expect(result.errors.contains("\(mirror.address)/debian/dists/test/\(Self.index)"))
        #expect(result.errors.contains("bytes were announced, but"))
        #expect(result.errors.contains("hint: the mirror may be in the middle of"))
    }

    @Test func anOlderLockServesWhereTheIndexDoesNot() throws {
        let good = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [good.address])
        try run.check()
        let tree = try #require(try run.tree())
        let lock = try #require(try run.record()).lock
        run.use([try outOfStep().address])
        run.request.lock = lock
        run.request.isUpdate = true
        let mirror = try outOfStep()
        run.use([mirror.address])
        let other = run.directory.path.appending("other")
        let result = try run.check(store: other)
        #expect(result.errors.contains("warning: the index \(Self.index)"), "\(result.errors)")
        #expect(try run.tree(store: other) == tree)
    }

    @Test func updatesWithoutAnIndexAreDoneWithout() throws {
        try archive.update(TestArchive.Package(name: "compiler", version: "2.0"))
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains("test-updates/main") ? Reply(404) : nil
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.check()
        #expect(
            result.errors.contains("nothing is taken from test-updates\n"),
            "\(result.errors)"
        )
        #expect(try run.record()?.lock.releases.map(\.suite) == ["test", "test-security"])
    }

    @Test func updatesOfTheOwnArchitectureDoNotWaitForThoseOfAnother() throws {
        let archive = try Self.ofTwoArchitectures()
        try archive.update(
            TestArchive.Package(name: "compiler", version: "2.0"),
            TestArchive.Package(name: "compiler", version: "2.0", architecture: "arm64")
        )
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains("test-updates/main/binary-arm64") ? Reply(404) : nil
        }
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.recipe = Self.recipeForTwo
        let result = try run.check()
        #expect(
            result.errors.contains("nothing is taken from test-updates for arm64"),
            "\(result.errors)"
        )
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.first { $0.name == "compiler" }?.version == "2.0")
        #expect(lock.packages.contains { $0.name == "library" && $0.architecture == "arm64" })
    }

    @Test func updatesThatLeftAnArchitectureBehindAreDoneWithoutWhereTheyFitNothing() throws {
        let archive = try Self.ofTwoArchitectures()
        try archive.update(
            TestArchive.Package(name: "library", version: "2.0", fields: ["Multi-Arch: same"]),
            only: [TestArchive.architecture]
        )
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.recipe = Self.recipeForTwo
        let result = try run.check()
        #expect(
            result.errors.contains(
                "test-updates has nothing for arm64; nothing is taken from test-updates\n"
            ),
            "\(result.errors)"
        )
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.filter { $0.name == "library" }.map(\.version) == ["1.0", "1.0"])
        #expect(lock.releases.map(\.suite) == ["test", "test-security"])
    }

    @Test func updatesThatLeftAnArchitectureBehindAreTakenWhereTheyFit() throws {
        let archive = try Self.ofTwoArchitectures()
        try archive.update(
            TestArchive.Package(name: "compiler", version: "2.0"),
            only: [TestArchive.architecture]
        )
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.recipe = Self.recipeForTwo
        try run.check()
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.first { $0.name == "compiler" }?.version == "2.0")
    }

    @Test func whatTheStoreRemembersServesToo() throws {
        let good = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [good.address])
        try run.check()
        let down = try TestMirror(archive.root) { _ in Reply(404) }
        run.use([down.address])
        let result = try run.check()
        #expect(result.errors.contains("warning: the release file of test"), "\(result.errors)")
    }

    @Test func aFlippedByteInAPackageIsRefusedByName() throws {
        let deb = try #require(try archive.debs.first { $0.contains("compiler") })
        try archive.damage(deb)
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("error: package compiler 1.0 (amd64) cannot be had: "))
        #expect(result.errors.contains("the digest of what came is"))
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
        let result = try other.run()
        try expectRefusal(result, other)
        #expect(result.errors.contains("error: the index \(Self.index)"), "\(result.errors)")
        #expect(result.errors.contains("the digest of what came is"))
    }

    @Test(arguments: [-1, 1])
    func anotherSizeIsRefused(_ more: Int) throws {
        let deb = try #require(try archive.debs.first { $0.contains("library") })
        let bytes = try archive.bytes(deb)
        try archive.write(deb, more > 0 ? bytes + [0] : bytes.dropLast())
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("package library 1.0 (amd64)"))
        #expect(result.errors.contains("\(bytes.count) bytes were announced, but"))
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
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("the release file of test-security"), "\(result.errors)")
    }

    @Test func aReleaseOfAStrangerIsRefused() throws {
        try archive.release("test", in: "debian", isForged: true)
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("the release file of test"), "\(result.errors)")
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
        try expectRefusal(try run.run(), run)
    }

    @Test func aNeverEndingReleaseEnds() throws {
        let mirror = try TestMirror(archive.root) { request in
            guard request.file.hasSuffix("test/InRelease") else { return nil }
            var reply = Reply(ending: .endless)
            reply.length = nil
            return reply
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("it is larger than 4.0 MiB"), "\(result.errors)")
    }

    @Test func aVersionThatLeftTheArchiveIsTakenFromItsSnapshot() throws {
        let old = try TestMirror(archive.root)
        let template = "\(old.address)/snapshot/@SNAPSHOTID@/debian/"
        let date = Date(timeIntervalSince1970: 1_789_718_141)
        try archive.release("test", in: "debian", fields: ["Snapshots: \(template)"], date: date)
        let mirror = try TestMirror(archive.root) { request in
            request.file.hasSuffix(".deb") ? Reply(404) : nil
        }
        let snapshots = try TestMirror(archive.root) { [root = archive.root] request in
            let parts = request.file.split(separator: "/").map(String.init)
            guard parts.starts(with: ["archive", "debian", "20260918T075541Z"]) else {
                return Reply(404)
            }
            let path = "debian/" + parts.dropFirst(3).joined(separator: "/")
            guard let bytes = FileManager.default.contents(atPath: root.appending(path).string)
            else { return Reply(404) }
            return .range(of: [UInt8](bytes), for: request)
        }
        try archive.release(
            "test",
            in: "debian",
            fields: ["Snapshots: \(snapshots.address)/archive/debian/@SNAPSHOTID@/"],
            date: date
        )
        let run = try RecipeRun(archive, from: [mirror.address])
        try run.check()
        #expect(snapshots.requests(".deb").count == TestArchive.packages.count)
        #expect(old.server.requests.isEmpty)
        // The same where the configuration says it.
        try archive.release("test", in: "debian", date: date)
        var other = try RecipeRun(archive, from: [mirror.address])
        other.request.mirrors.snapshots = "\(snapshots.address)/archive/@ARCHIVE@/@SNAPSHOTID@"
        try other.check()
        #expect(snapshots.requests(".deb").count == 2 * TestArchive.packages.count)
    }

    @Test func aVersionThatIsNowhereIsNamed() throws {
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains("/library_1.0") ? Reply(404) : nil
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("package library 1.0 (amd64) cannot be had"))
        #expect(result.errors.contains("snapshots = "), "\(result.errors)")
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
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("it redirects to '\(location)'"), "\(result.errors)")
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
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("it wants a password"))
        #expect(!result.errors.contains("canary"))
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
        let result = try run.run()
        try expectRefusal(result, run)
        #expect(result.errors.contains("only known by addresses that cannot be fetched from: ftp:"))
        #expect(!result.errors.contains("canary"))
    }

    /// One error, and a store as empty as before.
    private func expectRefusal(_ result: Command.Result, _ run: RecipeRun) throws {
        #expect(result.status == 125)
        #expect(result.errors.components(separatedBy: "error:").count == 2, "\(result.errors)")
        #expect(try run.trees().isEmpty)
        #expect(try run.record() == nil)
    }
}
