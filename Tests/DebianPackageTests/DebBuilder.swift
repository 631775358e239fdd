// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb(5); ar(5).

import StoreTestSupport

/// Writes `.deb` files that say whatever a test wants.
struct DebBuilder {
    /// The members in their order.
    var members: [(name: String, content: [UInt8])] = []

    /// A package of the given parts, compressed by xz unless they are given otherwise.
    init(control: TarBuilder = controlArchive(), data: TarBuilder) throws {
        members = [
            ("debian-binary", Array("2.0\n".utf8)),
            ("control.tar.xz", try compressed(control.archive, with: ["xz"])),
            ("data.tar.xz", try compressed(data.archive, with: ["xz"])),
        ]
    }

    /// The file.
    var bytes: [UInt8] {
        members.reduce(into: Array("!<arch>\n".utf8)) { file, member in
            func padded(_ text: String, _ size: Int) -> [UInt8] {
                Array((text + String(repeating: " ", count: size - text.utf8.count)).utf8)
            }
            file += padded(member.name, 16) + padded("0", 12) + padded("0", 6) + padded("0", 6)
            file += padded("100644", 8) + padded("\(member.content.count)", 10)
            file += Array("`\n".utf8) + member.content
            if member.content.count % 2 == 1 { file.append(0x0A) }
        }
    }
}

/// The paragraph of the package that tests make.
let paragraph = """
    Package: example
    Version: 1:2.0-3
    Architecture: amd64
    Multi-Arch: same
    Maintainer: Nobody <nobody@example.org>
    Installed-Size: 12
    Depends: libc6 (>= 2.36),
     zlib1g
    Description: an example
     with a second line
    Homepage: https://example.org

    """

/// Control files; `control` is the paragraph above unless given.
func controlArchive(
    _ control: String = paragraph,
    _ files: [(name: String, content: String)] = []
) -> TarBuilder {
    var tar = TarBuilder()
    tar.add("./", type: "5", mode: 0o755)
    tar.add("./control", content: control)
    for file in files {
        tar.add(
            "./\(file.name)",
            content: file.content,
            mode: file.name == "postinst" ? 0o755 : 0o644
        )
    }
    return tar
}
