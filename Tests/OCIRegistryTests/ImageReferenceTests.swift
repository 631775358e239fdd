// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: distribution/reference, the grammar in its package comment; `docker pull`.

import OCIStore
import Testing

@Suite struct ImageReferenceTests {
    static let digest = "sha256:" + String(repeating: "0123456789abcdef", count: 4)

    static let read: [(String, String)] = [
        // No registry is Docker's, and one component there is an official image.
        ("ubuntu", "docker.io/library/ubuntu:latest"),
        ("ubuntu:22.04", "docker.io/library/ubuntu:22.04"),
        ("docker.io/ubuntu", "docker.io/library/ubuntu:latest"),
        ("index.docker.io/ubuntu", "docker.io/library/ubuntu:latest"),
        ("library/ubuntu", "docker.io/library/ubuntu:latest"),
        ("a/b", "docker.io/a/b:latest"),
        ("a/b/c", "docker.io/a/b/c:latest"),
        // A dot, a colon, a capital or `localhost` makes the first component a registry.
        ("ghcr.io/cross-rs/x", "ghcr.io/cross-rs/x:latest"),
        ("localhost/x", "localhost/x:latest"),
        ("localhost:5000/x:tag", "localhost:5000/x:tag"),
        ("Host/x", "Host/x:latest"),
        ("[::1]:5000/x", "[::1]:5000/x:latest"),
        ("[2001:db8::1]/x:y", "[2001:db8::1]/x:y"),
        ("127.0.0.1:5000/a/b:c", "127.0.0.1:5000/a/b:c"),
        // A colon without a slash after it is a tag's.
        ("localhost:5000", "docker.io/library/localhost:5000"),
        ("a.b/c:1.2-3_4", "a.b/c:1.2-3_4"),
        // A digest stands alone or beside a tag.
        ("x@\(digest)", "docker.io/library/x@\(digest)"),
        ("a.b/c:t@\(digest)", "a.b/c:t@\(digest)"),
        // Separators within a component.
        ("a.b/x.y_z__w-v--u", "a.b/x.y_z__w-v--u:latest"),
        (
            "a.b/\(String(repeating: "x", count: 200))",
            "a.b/\(String(repeating: "x", count: 200)):latest"
        ),
    ]

    @Test(arguments: read.indices)
    func theseAreCompleted(_ index: Int) throws {
        let (text, whole) = Self.read[index]
        #expect("\(try ImageReference(text))" == whole)
        #expect("\(try ImageReference(whole))" == whole)
    }

    @Test(arguments: [
        "", " ", "Ubuntu", "a/B", "-x", "x-", "a..b", "a___b", "a.b/", "/x", "a//b", "a.b/../x",
        "../x", "./x", "x:", "x:-t", "x:.t", "x: t", "x:\(String(repeating: "t", count: 129))",
        "x@", "x@sha256:", "x@sha256:abc", "x@\(digest)0", "x@\(digest.uppercased())",
        "x@sha512:\(String(repeating: "0", count: 128))", "a.b:0/x", "a.b:99999/x", "a.b:/x",
        "a.b:port/x", "a_b.c/x", "-a.b/x", "a.b-/x", "[::1/x", "[]/x", "[::1]x/y", "[g::]/x",
        "https://ghcr.io/x", "user@ghcr.io/x", "ghcr.io/x?y", "ghcr.io/x#y", "ghcr.io/x%2e",
        "exa\u{301}mple.org/x", "bücher.example/x", "x\u{0}", "x\n", "x:t\r\n",
        "a.b/\(String(repeating: "x", count: 300))", "x:a:b", "a.b/x@y",
    ])
    func theseAreRefused(_ text: String) {
        #expect(throws: ImageReferenceError.self) { try ImageReference(text) }
    }
}
