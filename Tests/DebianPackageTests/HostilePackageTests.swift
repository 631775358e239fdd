// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCILayer
import OCIStore
import StoreTestSupport
import Testing

@Suite struct HostilePackageTests: ~Copyable {
    let packages: Packages

    init() throws {
        packages = try Packages()
    }

    private func refuses(
        _ deb: [UInt8],
        _ fault: PackageFault,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            packages.error(of: deb) == .fault(fault, package: exampleName),
            sourceLocation: location
        )
        #expect(try packages.isUntouched, sourceLocation: location)
    }

    private func ordinary() throws -> DebBuilder {
        var data = TarBuilder()
        data.add("./", type: "5", mode: 0o755)
        data.add("./usr/bin/x", content: String(repeating: "x", count: 5000))
        return try DebBuilder(data: data)
    }

    @Test func truncatedPackageIsAnErrorAtEveryLength() throws {
        let deb = try ordinary().bytes
        for length in stride(from: 0, to: deb.count, by: 7) {
            #expect(packages.error(of: Array(deb.prefix(length))) != nil, "\(length)")
        }
        #expect(try packages.isUntouched)
    }

    @Test func membersAreTheThreeInTheirOrder() throws {
        let whole = try ordinary()
        func with(_ change: (inout DebBuilder) -> Void) -> [UInt8] {
            var deb = whole
            change(&deb)
            return deb.bytes
        }
        try refuses(with { $0.members.removeLast() }, .member(nil))
        try refuses(with { $0.members.removeAll() }, .member(nil))
        try refuses(with { $0.members.swapAt(1, 2) }, .member(Array("data.tar.xz".utf8)))
        try refuses(with { $0.members.swapAt(0, 1) }, .member(Array("control.tar.xz".utf8)))
        try refuses(
            with { $0.members.append(("_gpgorigin", [1])) },
            .member(Array("_gpgorigin".utf8))
        )
        try refuses(with { $0.members.append($0.members[2]) }, .member(Array("data.tar.xz".utf8)))
        try refuses(
            with { $0.members[2].name = "data.tar.lzma" },
            .member(Array("data.tar.lzma".utf8))
        )
        try refuses(with { $0.members[0].content = Array("3.0\n".utf8) }, .formatVersion)
        try refuses(with { $0.members[0].content = Array("2.0".utf8) }, .formatVersion)
    }

    @Test func anotherCodecThanAnnouncedIsRefused() throws {
        var deb = try ordinary()
        deb.members[2].name = "data.tar.gz"
        guard
            case .archive(.compression(.notOfThisCodec, _), .data, exampleName)? =
                packages.error(of: deb.bytes)
        else {
            Issue.record("read as gzip")
            return
        }
        #expect(try packages.isUntouched)
    }

    @Test(arguments: [
        ("./../x", EntryFault.name(.leadsUp)), ("/usr/../../x", .name(.leadsUp)),
        ("./usr/.wh.bin", .reserved), ("./usr/.wh..wh..opq", .reserved),
        ("./.wh.", .name(.invalidWhiteout)),
        ("./usr/a\nb", .lineFeed), ("./var/lib/dpkg/status", .reserved),
        ("./var/lib/dpkg/info/other.postinst", .reserved),
    ])
    func namesThatCannotBeAPackagesAreRefused(name: String, fault: EntryFault) throws {
        var data = TarBuilder()
        data.add(name, content: "evil")
        #expect(
            packages.error(of: try DebBuilder(data: data).bytes)
                == .archive(
                    .entry(fault, name: Array(name.utf8)),
                    part: .data,
                    package: exampleName
                )
        )
        #expect(try packages.isUntouched)
    }

    @Test func hardLinkOutIsRefused() throws {
        var data = TarBuilder()
        data.add("./x", type: "1", link: "../../etc/shadow")
        #expect(
            packages.error(of: try DebBuilder(data: data).bytes)
                == .archive(
                    .entry(.hardLinkTarget(.leadsUp), name: Array("./x".utf8)),
                    part: .data,
                    package: exampleName
                )
        )
    }

    @Test func bombIsDefusedLongBeforeItsEnd() throws {
        var limits = LayerLimits()
        limits.bytesBeforeRatio = 4 << 20
        var data = TarBuilder()
        data.add("zeros".utf8, content: [UInt8](repeating: 0, count: 64 << 20))
        let bomb = try DebBuilder(data: data).bytes
        #expect(
            packages.error(of: bomb, limits: limits)
                == .archive(.limit(.ratio), part: .data, package: exampleName)
        )
        #expect(try packages.isUntouched)
    }

    @Test func anotherPackageThanAskedForIsRefused() throws {
        for (field, other) in [
            ("Package", "Package: other"), ("Version", "Version: 1:2.0-4"),
            ("Architecture", "Architecture: arm64"),
        ] {
            let text = paragraph.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("\(field):") ? other[...] : $0 }.joined(separator: "\n")
            let deb = try DebBuilder(control: controlArchive(text), data: TarBuilder())
            try refuses(deb.bytes, .identity(field: field))
        }
    }

    @Test(arguments: [
        ("", PackageFault.field("Package")), ("Package: ../../x\n", .field("Package")),
        ("Package: x\nPackage: y\n", .controlParagraph(line: 2)),
        (" x\n", .controlParagraph(line: 1)),
        ("Package\n", .controlParagraph(line: 1)),
        ("Package: a\nVersion: 1 2\nArchitecture: all\n", .field("Version")),
        ("Package: a\nVersion: 1\nArchitecture: a/b\n", .field("Architecture")),
        ("Package: a\n\nPackage: b\n", .controlParagraph(line: 3)),
    ])
    func paragraphIsReadStrictly(text: String, fault: PackageFault) throws {
        try refuses(
            try DebBuilder(control: controlArchive(text), data: TarBuilder()).bytes,
            fault
        )
    }

    @Test(arguments: ["list", "a.b", "../x", "a/b", "x y"])
    func controlFilesHaveNamesThatDpkgKnows(name: String) throws {
        let control = controlArchive(paragraph, [(name, "x")])
        try refuses(
            try DebBuilder(control: control, data: TarBuilder()).bytes,
            .controlFile(Array("./\(name)".utf8))
        )
    }

    @Test func controlFilesAreFilesAndThereIsAParagraph() throws {
        var control = controlArchive()
        control.add("./postinst", type: "2", link: "/bin/true")
        try refuses(
            try DebBuilder(control: control, data: TarBuilder()).bytes,
            .controlFile(Array("./postinst".utf8))
        )
        var twice = controlArchive()
        twice.add("control", content: paragraph)
        try refuses(
            try DebBuilder(control: twice, data: TarBuilder()).bytes,
            .controlFile(Array("control".utf8))
        )
        var none = TarBuilder()
        none.add("./md5sums", content: "")
        try refuses(
            try DebBuilder(control: none, data: TarBuilder()).bytes,
            .controlParagraph(line: 1)
        )
    }

    @Test func randomDamageIsAnErrorOrAnotherLayerButNeverATrap() throws {
        let deb = try ordinary().bytes
        for _ in 0..<200 {
            var damaged = deb
            for _ in 0..<3 { damaged[Int.random(in: 0..<damaged.count)] = .random(in: 0 ... .max) }
            _ = packages.error(of: damaged)
        }
        #expect(try names(in: packages.store.path.appending("tmp")) == ["downloads"])
    }
}
