// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import RootfsRecipe
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch recipe` against mirrors that are not what their releases, or an older lock, say.
@Suite struct StaleMirrorTests {
    let archive: TestArchive

    init() throws {
        archive = try TestArchive()
    }

    /// A mirror in the middle of being brought up to date: other indexes than its release names.
    private func outOfStep() throws -> TestMirror {
        try TestMirror(archive.root) { request in
            if request.file.contains("/by-hash/") { return Reply(404) }
            guard request.file.contains("/test/\(TestArchive.index)") else { return nil }
            return Reply(body: Array("not what was announced".utf8))
        }
    }

    @Test func anIndexIsAskedForByItsDigestFirst() throws {
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains(TestArchive.index) ? Reply(body: [1, 2, 3]) : nil
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
        let errors = try run.refusal()
        #expect(errors.contains("the index \(TestArchive.index)"), "\(errors)")
        #expect(errors.contains("\(mirror.address)/debian/dists/test/\(TestArchive.index)"))
        #expect(errors.contains("bytes were announced, but"))
        #expect(errors.contains("hint: the mirror may be in the middle of"))
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
        #expect(
            result.errors.contains("warning: the index \(TestArchive.index)"),
            "\(result.errors)"
        )
        #expect(try run.tree(store: other) == tree)
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
        let errors = try run.refusal()
        #expect(errors.contains("package library 1.0 (amd64) cannot be had"))
        #expect(errors.contains("snapshots = "), "\(errors)")
    }
}
