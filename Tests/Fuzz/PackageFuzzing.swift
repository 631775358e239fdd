// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import StoreTestSupport

@testable import DebianArchive

/// Unpacks a `.deb` file; where the first byte is odd, the checksums of the headers in it are made to fit.
func fuzzPackage(_ bytes: [UInt8]) {
    var rest = bytes[...]
    let isMended = first(of: &rest) % 2 == 1
    var deb = Array(rest)
    if isMended { TarBuilder.mendChecksums(&deb) }
    let ground = FuzzStore(deb)
    var limits = LayerLimits()
    limits.bytes = 1 << 20
    limits.entries = 1000
    let package = DebianPackage(
        name: "example",
        version: "1:2.0-3",
        architecture: "amd64",
        digest: Digest.of([])
    )
    do throws(PackageError) {
        try ground.publishing { (staged) throws(PackageError) in
            try package.unpack(ground.file, into: staged, limits: limits) { _ in }
        }
        checkTree(of: [package.key], in: ground.store)
    } catch {
        promise(!ground.store.hasLayer(package.key), "what failed is not there")
    }
    ground.checkSurroundings()
}

func packageSeeds() -> [[UInt8]] {
    var control = TarBuilder()
    control.add("./", type: "5", mode: 0o755)
    control.add(
        "./control",
        content: """
            Package: example
            Version: 1:2.0-3
            Architecture: amd64
            Multi-Arch: same
            Maintainer: Nobody <nobody@example.org>
            Description: an example
             with a second line

            """
    )
    control.add("./conffiles", content: "/etc/example.conf\n/etc/gone remove-on-upgrade\n")
    control.add("./postinst", content: "#!/bin/sh\n", mode: 0o755)
    var data = TarBuilder()
    data.add("./", type: "5", mode: 0o755)
    data.add("./etc/example.conf", content: "a=b\n")
    data.add("./lib/x", content: "x")
    data.add("./lib/y", type: "1", link: "./lib/x")
    data.add("./bin/z", type: "2", link: "../lib/x")
    let deb = DebianContainer.file(control: control.archive, data: data.archive)
    return [[0] + deb, [1] + deb]
}

extension DebianContainer {
    /// A file of two archives that are not compressed.
    fileprivate static func file(control: [UInt8], data: [UInt8]) -> [UInt8] {
        let members = [
            ("debian-binary", Array("2.0\n".utf8)), ("control.tar", control), ("data.tar", data),
        ]
        return members.reduce(into: Array("!<arch>\n".utf8)) { file, member in
            func padded(_ text: String, _ size: Int) -> [UInt8] {
                Array((text + String(repeating: " ", count: size - text.utf8.count)).utf8)
            }
            file += padded(member.0, 16) + padded("0", 12) + padded("0", 6) + padded("0", 6)
            file += padded("100644", 8) + padded("\(member.1.count)", 10)
            file += Array("`\n".utf8) + member.1
            if member.1.count % 2 == 1 { file.append(0x0A) }
        }
    }
}
