// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct StoreOpeningTests: ~Copyable {
    let directory: TemporaryDirectory
    let path: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("store")
    }

    @Test(arguments: [
        (["CROSS_STORE": "/a", "XDG_DATA_HOME": "/b", "HOME": "/c"], "/a"),
        (["CROSS_STORE": "", "XDG_DATA_HOME": "/b", "HOME": "/c"], "/b/cross"),
        (["XDG_DATA_HOME": "b", "HOME": "/c"], "/c/.local/share/cross"),
        (["HOME": "/c"], "/c/.local/share/cross"),
        (["HOME": ""], nil),
        ([:], nil),
    ])
    func defaultPathFollowsTheEnvironment(environment: [String: String], expected: String?) {
        #expect(Store.defaultPath(environment: environment) == expected.map { FilePath($0) })
    }

    @Test func newStoreIsPrivateAndMarkedAsCache() throws {
        let deep = path.appending("a").appending("b")
        let store = try Store(at: deep)
        #expect(store.path == deep)
        #expect(try status(deep).st_mode & 0o777 == 0o700)
        #expect(try content(deep.appending("version")) == "1\n")
        #expect(
            try content(deep.appending("CACHEDIR.TAG"))
                .hasPrefix("Signature: 8a477f597d28d172789f06886806bc55\n")
        )
        #expect(
            try names(in: deep) == [
                "CACHEDIR.TAG", "images", "layers", "locks", "objects", "rootfs", "tmp", "version",
            ]
        )
        #expect(try names(in: deep.appending("tmp")) == ["downloads"])
        _ = try Store(at: deep)
    }

    @Test func storeWhoseMakingWasInterruptedIsMadeWhole() throws {
        _ = try Store(at: path)
        _ = unsafe path.appending("version").withPlatformString { unsafe unlink($0) }
        _ = unsafe path.appending("locks").withPlatformString { unsafe rmdir($0) }
        _ = try Store(at: path)
        #expect(try names(in: path).contains("locks"))
        #expect(exists(path.appending("version")))
    }

    @Test(arguments: ["objects", "layers", "rootfs", "images", "locks", "tmp/downloads", "tmp"])
    func whatSomebodyRemovedIsMadeAnew(name: FilePath) throws {
        _ = try Store(at: path)
        try FileManager.default.removeItem(atPath: path.pushing(name).string)
        let store = try Store(at: path)
        #expect(try store.check().damages.isEmpty)
        #expect(exists(path.pushing(name)))
        try FileManager.default.removeItem(atPath: path.pushing(name).string)
        #expect(try store.prune() != nil)
        #expect(exists(path.pushing(name)))
    }

    @Test func symbolicLinkIsRefused() throws {
        _ = try Store(at: path)
        let link = directory.path.appending("link")
        _ = unsafe link.withPlatformString { link in
            unsafe path.withPlatformString { unsafe symlink($0, link) }
        }
        #expect(throws: StoreError.symbolicLink(link)) { _ = try Store(at: link) }
    }

    @Test func directoryOfAnotherUserIsRefused() throws {
        _ = try Store(at: path)
        guard geteuid() == 0 else {
            // An ordinary user cannot give a directory away, but the system has some of root's.
            #expect(throws: StoreError.foreignOwner("/usr", uid: 0)) { _ = try Store(at: "/usr") }
            return
        }
        _ = unsafe path.withPlatformString { unsafe chown($0, 65534, 65534) }
        #expect(throws: StoreError.foreignOwner(path, uid: 65534)) { _ = try Store(at: path) }
    }

    @Test func storeThatOthersMayWriteToIsRefused() throws {
        _ = try Store(at: path)
        _ = unsafe path.withPlatformString { unsafe chmod($0, 0o777) }
        #expect(throws: StoreError.writableByOthers(path, mode: 0o777)) { _ = try Store(at: path) }
    }

    @Test func laterVersionIsRefused() throws {
        _ = try Store(at: path)
        try write("2\n", to: path.appending("version"))
        #expect(throws: StoreError.newerVersion(path, found: 2, supported: 1)) {
            _ = try Store(at: path)
        }
    }

    /// A power cut may leave the file empty: nothing was synchronised before something was published.
    @Test func emptyVersionIsThatOfAStoreWhoseMakingWasInterrupted() throws {
        _ = try Store(at: path)
        let version = path.appending("version")
        try write("", to: version)
        _ = try Store(at: path)
        #expect(try content(version) == "1\n")
    }

    @Test(arguments: ["1", "one\n", "1\n1\n", "99999999999999999999\n"])
    func versionThatIsNoNumberIsDamage(text: String) throws {
        _ = try Store(at: path)
        let version = path.appending("version")
        try write(text, to: version)
        #expect(throws: StoreError.damaged(version, line: 1)) { _ = try Store(at: path) }
    }

    @Test func directoryWithOtherThingsIsNotTurnedIntoAStore() throws {
        try write("", to: directory.path.appending("thesis.tex"))
        #expect(throws: StoreError.notAStore(directory.path)) {
            _ = try Store(at: directory.path)
        }
        #expect(try names(in: directory.path) == ["thesis.tex"])
    }
}
