// SPDX-License-Identifier: MIT OR Apache-2.0

/// One small archive for each thing that a layer can hold.
package func acceptedArchives() -> [[UInt8]] {
    func tar(_ fill: (inout TarBuilder) -> Void) -> [UInt8] {
        var tar = TarBuilder()
        fill(&tar)
        return tar.archive
    }
    return [
        tar {
            $0.add("a/b", content: "text"); $0.add("c", content: "")
        },
        tar {
            $0.add("d/", type: "5", mode: 0o755); $0.add("d/x", content: "1", mode: 0o4711)
        },
        tar {
            $0.add("l", type: "2", link: "/etc"); $0.add("l/x", content: "1")
        },
        tar {
            $0.add("x", content: "1"); $0.add("h", type: "1", link: "x")
        },
        tar {
            $0.add("p", type: "6"); $0.add("n".utf8, type: "3", major: 1, minor: 3)
        },
        tar {
            $0.add("d/.wh.x"); $0.add("d/.wh..wh..opq"); $0.add(".wh.y")
        },
        tar {
            $0.addPax(["path": "long/name", "mtime": "1.5", "uid": "5"]); $0.add("x")
        },
        tar {
            $0.addPax(["SCHILY.xattr.user.a": "b"]); $0.add("x", content: "1")
        },
        tar {
            $0.addPax(["size": "600"]);
            $0.add("x".utf8, content: [UInt8](repeating: 7, count: 600))
        },
        tar {
            $0.add("././@LongLink".utf8, type: "L", content: Array("a/long/name\0".utf8))
            $0.add("x", content: "1")
        },
        tar {
            $0.add("././@LongLink".utf8, type: "K", content: Array("../target\0".utf8))
            $0.add("x", type: "2", link: "t")
        },
        tar {
            $0.addPax([
                "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s",
                "GNU.sparse.realsize": "5000",
            ])
            let map = Array("1\n4000\n4\n".utf8)
            $0.add(
                "s".utf8,
                content: map + [UInt8](repeating: 0, count: 512 - map.count) + [1, 2, 3, 4]
            )
        },
    ]
}
