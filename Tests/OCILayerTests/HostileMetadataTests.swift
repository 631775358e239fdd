// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Kinds, modes, owners, times and attributes that a layer has no say in.
@Suite struct HostileMetadataTests: ~Copyable {
    let layers: Layers

    init() throws { layers = try Layers() }

    @Test func devicesAreCountedAndNeverMade() throws {
        var tar = TarBuilder()
        tar.add("null".utf8, type: "3", major: 1, minor: 3)
        tar.add("overlay-whiteout".utf8, type: "3")
        tar.add("disk".utf8, type: "4", major: 8)
        tar.add("pipe", type: "6")
        let path = layers.directory.path.appending("blob")
        try OwnedDescriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o600).write(tar.archive)
        let summary = try unpackAlone(
            path,
            mediaType: .tar,
            diffID: Digest.of(tar.archive),
            into: layers.store
        ) { _ in }
        #expect(summary.devices == 3)
        #expect(summary.entries == 4)
        let root = try layers.store.materialise([Digest.of(tar.archive)]).path
        #expect(try names(in: root) == ["pipe"])
        #expect(try status(root.appending("pipe")).st_mode & S_IFMT == S_IFIFO)
    }

    @Test func setuidAndSetgidAreStripped() throws {
        var tar = TarBuilder()
        tar.add("su", content: "x", mode: 0o6755)
        tar.add("d/", type: "5", mode: 0o7755)
        let root = try layers.root(tar)
        #expect(try status(root.appending("su")).st_mode & 0o7777 == 0o755)
        #expect(try status(root.appending("d")).st_mode & 0o7777 == 0o1755)
    }

    @Test(arguments: [
        "-1", "4611686018427387904", "-9223372036854775808", "99999999999999999999", "1.9999999999",
        "nan", "",
    ])
    func anyTimeIsTaken(time: String) throws {
        var tar = TarBuilder()
        tar.addPax(["mtime": time])
        tar.add("x", content: "1")
        tar.addPax(["mtime": time])
        tar.add("d", type: "5", mode: 0o755)
        #expect(try names(in: layers.root(tar)) == ["d", "x"])
    }

    @Test(arguments: ["4294967295", "-1", "9223372036854775807"])
    func anyOwnerIsTakenAndIgnored(uid: String) throws {
        var tar = TarBuilder()
        tar.addPax(["uid": uid, "gid": uid])
        tar.add("x", content: "1")
        #expect(try status(layers.root(tar).appending("x")).st_uid == geteuid())
    }

    @Test func onlyTheUsersOwnAttributesAreSet() throws {
        var tar = TarBuilder()
        let keys = [
            "user.comment", "user.overlay.opaque", "user.rootlesscontainers",
            "trusted.overlay.opaque",
            "security.capability", "security.selinux", "system.posix_acl_access",
        ]
        tar.addPax(keys.map { ("SCHILY.xattr.\($0)", Array("y".utf8)) })
        tar.add("x", content: "1")
        tar.addPax([("SCHILY.xattr.user.overlay.whiteout", Array("y".utf8))])
        tar.add("d", type: "5", mode: 0o755)
        let root = try layers.root(tar)
        #expect(try attributes(of: root.appending("x")) == ["user.comment"])
        #expect(try attributes(of: root.appending("d")).isEmpty)
        let index = try content(
            layers.store.path.appending("layers").appending("\(Digest.of(tar.archive).hex).mtree")
        )
        #expect(index.contains("xattr:security.capability:y,xattr:user.comment:y\n"))
        #expect(!index.contains("selinux"))
    }
}
