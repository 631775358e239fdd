// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct UnpackTests: ~Copyable {
    let packages: Packages

    init() throws {
        packages = try Packages()
    }

    private func root(
        _ data: TarBuilder,
        control: TarBuilder = controlArchive()
    ) throws -> FilePath {
        let key = try packages.unpack(try DebBuilder(control: control, data: data).bytes)
        return try packages.store.materialise([key]).path
    }

    @Test func filesAreWhereAMergedTreeHasThem() throws {
        var data = TarBuilder()
        data.add("./", type: "5", mode: 0o755)
        data.add("./bin/", type: "5", mode: 0o755)
        data.add("./bin/tool", content: "tool", mode: 0o4755)
        data.add("./bin/again", type: "1", link: "./bin/tool")
        data.add("./lib/x86_64-linux-gnu/libx.so.1", content: "library")
        data.add("./lib64/ld.so", type: "2", link: "/lib/x86_64-linux-gnu/ld.so")
        data.add("./library/x", content: "no link")
        data.add("./sbin", type: "2", link: "usr/sbin")
        let root = try root(data)
        #expect(try content(root.appending("usr/bin/tool")) == "tool")
        let tool = try status(root.appending("usr/bin/tool"))
        #expect(tool.st_mode & 0o7777 == 0o755)
        #expect(try status(root.appending("usr/bin/again")).st_ino == tool.st_ino)
        #expect(exists(root.appending("usr/lib/x86_64-linux-gnu/libx.so.1")))
        #expect(exists(root.appending("usr/lib64/ld.so")))
        #expect(exists(root.appending("library/x")))
        #expect(try status(root.appending("sbin")).st_mode & S_IFMT == S_IFLNK)
        #expect(!exists(root.appending("bin")))
    }

    @Test func dpkgIsToldWhatItWouldHaveNoted() throws {
        var data = TarBuilder()
        data.add("./", type: "5", mode: 0o755)
        data.add("./etc/", type: "5", mode: 0o755)
        data.add("./etc/example.conf", content: "setting\n")
        data.add("./bin/tool", content: "tool")
        data.add("./usr/share/man/man1/tool.1.gz", content: "manual")
        let control = controlArchive(
            paragraph,
            [
                ("conffiles", "/etc/example.conf\nremove-on-upgrade /etc/old.conf\n"),
                ("postinst", "#!/bin/sh\n"), ("md5sums", "0 bin/tool\n"),
            ]
        )
        let info = try root(data, control: control).appending("var/lib/dpkg/info")
        #expect(
            try names(in: info) == [
                "example:amd64.conffiles", "example:amd64.list", "example:amd64.md5sums",
                "example:amd64.postinst",
            ]
        )
        #expect(try status(info.appending("example:amd64.postinst")).st_mode & 0o777 == 0o755)
        #expect(
            try content(info.appending("example:amd64.list")) == """
                /.
                /etc
                /etc/example.conf
                /bin/tool
                /usr/share/man/man1/tool.1.gz

                """
        )
        let paragraph = info.removingLastComponent().appending("status.d/example:amd64")
        #expect(
            try content(paragraph) == """
                Package: example
                Status: install ok installed
                Installed-Size: 12
                Maintainer: Nobody <nobody@example.org>
                Architecture: amd64
                Multi-Arch: same
                Version: 1:2.0-3
                Depends: libc6 (>= 2.36), zlib1g
                Conffiles:
                 /etc/example.conf 2c1d4f59f062ce424618f4d25961fb76
                 /etc/old.conf newconffile remove-on-upgrade
                Description: an example
                 with a second line
                Homepage: https://example.org

                """
        )
    }

    @Test func whatPeopleReadIsLeftOutAsDpkgWould() throws {
        var data = TarBuilder()
        data.add("./usr/share/doc/example/", type: "5", mode: 0o755)
        data.add("./usr/share/doc/example/copyright", content: "licence")
        data.add("./usr/share/doc/example/README", content: "text")
        data.add("./usr/share/doc/other", type: "2", link: "example")
        data.add("./usr/share/man/", type: "5", mode: 0o755)
        data.add("./usr/share/man/man1/", type: "5", mode: 0o755)
        data.add("./usr/share/man/man1/x.1.gz", content: "manual")
        data.add("./usr/share/locale/de/x.mo", content: "words")
        data.add("./usr/share/locale/locale.alias", content: "alias")
        let share = try root(data).appending("usr/share")
        #expect(try names(in: share) == ["doc", "locale", "man"])
        #expect(try names(in: share.appending("doc")) == ["example", "other"])
        #expect(try names(in: share.appending("doc/example")) == ["copyright"])
        #expect(try names(in: share.appending("man")).isEmpty)
        #expect(try names(in: share.appending("locale")) == ["locale.alias"])
    }

    @Test(arguments: [("", ["cat"]), (".gz", ["gzip"]), (".zst", ["zstd", "-q", "-c"])])
    func everyCodecOfPackagesIsRead(suffix: String, program: [String]) throws {
        var data = TarBuilder()
        data.add("./x", content: "x")
        var deb = try DebBuilder(data: data)
        deb.members[1] = (
            "control.tar\(suffix)", try compressed(controlArchive().archive, with: program)
        )
        deb.members[2] = ("data.tar\(suffix)", try compressed(data.archive, with: program))
        let key = try packages.unpack(deb.bytes)
        #expect(exists(try packages.store.materialise([key]).path.appending("x")))
    }

    @Test func theKeyDependsOnTheFileAlone() {
        let first = DebianPackage(name: "a", version: "1", architecture: "all", digest: digest("1"))
        let second = DebianPackage(
            name: "b",
            version: "2",
            architecture: "all",
            digest: digest("1")
        )
        #expect(first.key == second.key)
        #expect(first.key == DebianPackage.key(of: digest("1")))
        #expect(first.key != DebianPackage.key(of: digest("2")))
    }
}

extension FilePath {
    /// This path with several components at its end.
    fileprivate func appending(_ path: String) -> FilePath { appending(FilePath(path).components) }
}
