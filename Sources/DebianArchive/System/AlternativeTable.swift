// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the postinst scripts of the packages named.

/// What packages register whose scripts compute the words of the command.
enum AlternativeTable {
    static let byPackage: [String: [Alternative]] = [
        "clang": ["c++": "clang++", "cc": "clang", "c89": "clang", "c99": "clang"]
            .sorted { $0.key < $1.key }
            .map { name, program in
                Alternative(
                    link: "/usr/bin/\(name)",
                    name: name,
                    path: "/usr/bin/\(program)",
                    priority: 10
                )
            },
        "wine": [
            Alternative(
                link: "/usr/bin/wine",
                name: "wine",
                path: "/usr/bin/wine-stable",
                priority: 70,
                slaves: wine.map { name in
                    Alternative.Slave(
                        link: "/usr/bin/\(name)",
                        name: name,
                        path: "/usr/bin/\(name)-stable"
                    )
                }
            )
        ],
        "xz-utils": [
            Alternative(
                link: "/usr/bin/lzma",
                name: "lzma",
                path: "/usr/bin/xz",
                priority: 20,
                slaves: [slave("unlzma", "unxz")]
                    + ["cat", "more", "less", "diff", "cmp", "grep", "egrep", "fgrep"]
                    .map { slave("lz\($0)", "xz\($0)") }
            )
        ],
    ]

    private static let wine = [
        "wineserver", "msiexec", "regedit", "winecfg", "winedbg", "wineboot", "winefile",
        "winepath", "regsvr32", "wineconsole", "wmc", "wrc", "widl", "winecpp", "winegcc",
        "wineg++", "winedump", "winebuild", "winemaker",
    ]

    private static func slave(_ name: String, _ program: String) -> Alternative.Slave {
        Alternative.Slave(link: "/usr/bin/\(name)", name: name, path: "/usr/bin/\(program)")
    }
}
