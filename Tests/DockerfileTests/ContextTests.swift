// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import Dockerfile

/// What a COPY takes from the context, and what it calls it.
@Suite struct ContextTests: ~Copyable {
    private let ground: ContextGround

    init() throws { ground = try ContextGround() }

    @Test func aDirectoryCopiesItsContents() throws {
        try ground.project()
        let expected = ["bin", "bin/x.rs", "bin/y.txt", "lib.rs"]
        for source in ["src", "src/", "/src", "./src", "src/.", "docs/../src", "../src"] {
            #expect(try ground.names("COPY \(source) /d/") == expected, "\(source)")
        }
    }

    @Test func aFileGoesToTheDestinationOrIntoIt() throws {
        try ground.project()
        #expect(try ground.names("COPY Cargo.toml /x") == [""])
        #expect(try ground.names("COPY Cargo.toml /x/") == ["Cargo.toml"])
        #expect(try ground.names("COPY Cargo.toml /x", isDirectory: true) == ["Cargo.toml"])
        #expect(try ground.names("COPY src/lib.rs run.sh ./") == ["lib.rs", "run.sh"])
    }

    @Test func severalSourcesNeedADirectory() throws {
        try ground.project()
        #expect(throws: ContextError.severalSources(destination: "/d")) {
            _ = try ground.names("COPY Cargo.toml run.sh /d")
        }
        #expect(throws: ContextError.severalSources(destination: "/d")) {
            _ = try ground.names("COPY Cargo.* /d")
        }
        #expect(
            try ground.names("COPY Cargo.* /d", isDirectory: true) == ["Cargo.lock", "Cargo.toml"]
        )
        #expect(try ground.names("COPY src docs /d").count == 5)
    }

    @Test func patternsMatchNamesNotPaths() throws {
        try ground.project()
        #expect(try ground.names("COPY *.sh /d/") == ["run.sh"])
        #expect(try ground.names("COPY src/*/*.rs /d/") == ["x.rs"])
        #expect(try ground.names("COPY src/bin/[xz].rs /d/") == ["x.rs"])
        #expect(try ground.names("COPY s*/lib.rs /d/") == ["lib.rs"])
        // A directory that matches gives its contents.
        #expect(try ground.names("COPY do* /d/") == ["a.md"])
        // A pattern may match nothing, a path may not.
        #expect(try ground.names("COPY *.none /d/") == [])
        #expect(try ground.refusal("COPY nothing /d/") == .notFound("nothing"))
        #expect(
            try ground.refusal("COPY [a /d/")
                == .pattern(.init(pattern: Array("[a".utf8), line: nil), file: nil)
        )
        #expect(
            try ground.refusal("COPY Cargo.toml/x /d/") == .notADirectory(Array("Cargo.toml".utf8))
        )
    }

    @Test func parentsComeWithTheirChildren() throws {
        try ground.project()
        #expect(
            try ground.names("COPY --parents src/bin/x.rs /d/") == [
                "src", "src/bin", "src/bin/x.rs",
            ]
        )
        #expect(try ground.names("COPY --parents src/./bin/x.rs /d/") == ["bin", "bin/x.rs"])
        #expect(
            try ground.names("COPY --parents src/bin/. /d/") == [
                "src", "src/bin", "src/bin/x.rs", "src/bin/y.txt",
            ]
        )
        #expect(
            try ground.names("COPY --parents **/*.rs /d/") == [
                "src", "src/bin", "src/bin/x.rs", "src/lib.rs",
            ]
        )
        #expect(
            try ground.names("COPY --parents s*/./**/*.rs /d/") == ["bin", "bin/x.rs", "lib.rs"]
        )
        #expect(try ground.refusal("COPY --parents src/none /d/") == .notFound("src/none"))
        #expect(try ground.names("COPY --parents src/no* /d/") == [])
    }

    @Test func namesAreBytes() throws {
        let name = PathBytes([0x61, 0xFF, 0x0A])
        let directory = try OwnedDescriptor(opening: ground.context, O_RDONLY | O_DIRECTORY)
        _ = try directory.makeFile(try #require(name))
        let entries = try ground.select("COPY . /d/").entries(for: "/d/", isDirectory: false)
        #expect(entries.map(\.path) == [[], [try #require(name)]])
        _ = try ground.digest("COPY . /d/")
    }

    @Test func pipesAreCopiedAndNotRead() throws {
        let path = ground.context.appending("pipe")
        try systemCall("mkfifo", path) {
            unsafe path.withPlatformString { unsafe mkfifo($0, 0o600) }
        }
        #expect(
            try ground.select("COPY . /d/").entries(for: "/d/", isDirectory: false).map(\.kind) == [
                .directory, .fifo,
            ]
        )
        _ = try ground.digest("COPY . /d/")
    }

    @Test func theDigestIsOfNamesModesAndContents() throws {
        try ground.project()
        let before = try ground.digest("COPY src /d/")
        #expect(try ground.digest("COPY src /e/") == before)
        let file = ground.context.pushing("src/lib.rs")
        try systemCall("utimensat", file) {
            unsafe file.withPlatformString { unsafe utimensat(AT_FDCWD, $0, nil, 0) }
        }
        try ground.file("context/docs/b.md", "elsewhere")
        #expect(try ground.digest("COPY src /d/") == before)
        try ground.file("context/src/lib.rs", "//", mode: 0o600)
        #expect(try ground.digest("COPY src /d/") != before)
        try ground.file("context/src/lib.rs", "/*", mode: 0o644)
        #expect(try ground.digest("COPY src /d/") != before)
        try ground.file("context/src/lib.rs", "//")
        #expect(try ground.digest("COPY src /d/") == before)
        try ground.file("context/src/new.rs", "")
        #expect(try ground.digest("COPY src /d/") != before)
        #expect(try ground.digest("COPY src /d/", ignoring: "src/new.rs") == before)
    }
}
