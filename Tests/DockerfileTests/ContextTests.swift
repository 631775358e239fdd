// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import Dockerfile

@Suite struct ContextTests: ~Copyable {
    private let temporary: TemporaryDirectory
    private var context: FilePath { temporary.path.appending("context") }

    init() throws {
        let temporary = try TemporaryDirectory()
        let context = temporary.path.appending("context")
        try systemCall("mkdir", context) {
            unsafe context.withPlatformString { unsafe mkdir($0, 0o755) }
        }
        try write("secret", to: temporary.path.appending("outside"))
        self.temporary = temporary
    }

    private func make(_ path: String) throws {
        let path = temporary.path.pushing(FilePath(path))
        try systemCall("mkdir", path) { unsafe path.withPlatformString { unsafe mkdir($0, 0o755) } }
    }

    private func file(_ path: String, _ text: String = "", mode: UInt32 = 0o644) throws {
        let path = temporary.path.pushing(FilePath(path))
        try write(text, to: path)
        try systemCall("chmod", path) { unsafe path.withPlatformString { unsafe chmod($0, mode) } }
    }

    private func link(_ path: String, to target: String) throws {
        let path = temporary.path.pushing(FilePath(path))
        try systemCall("symlink", path) {
            unsafe path.withPlatformString { path in unsafe symlink(target, path) }
        }
    }

    /// A small project.
    private func project() throws {
        for directory in ["src", "src/bin", "target", "target/debug", "docs"] {
            try make("context/\(directory)")
        }
        try file("context/Cargo.toml", "[package]")
        try file("context/Cargo.lock", "")
        try file("context/src/lib.rs", "//")
        try file("context/src/bin/x.rs", "fn")
        try file("context/src/bin/y.txt", "y")
        try file("context/target/debug/big", "big")
        try file("context/docs/a.md", "a")
        try file("context/run.sh", "#!", mode: 0o755)
    }

    private func step(_ copy: String) throws -> CopyStep {
        try #require(copies(try plan("FROM scratch\n\(copy)")).first)
    }

    private func select(_ copy: String, ignoring file: String = "") throws -> CopySelection {
        let ignored = try PathPatterns(ignoreFile: Array(file.utf8))
        return try SourceTree(context, ignoring: ignored).select(try step(copy))
    }

    /// What is copied, as paths below the destination.
    private func names(
        _ copy: String,
        ignoring file: String = "",
        isDirectory: Bool = false
    ) throws -> [String] {
        let destination = try step(copy).destination
        return try select(copy, ignoring: file)
            .entries(for: destination, isDirectory: isDirectory)
            .map { String(decoding: TreePath(names: $0.path).bytes, as: UTF8.self) }
            .filter { !$0.isEmpty || destination.hasSuffix("x") }
    }

    private func refusal(_ copy: String, ignoring file: String = "") throws -> ContextError? {
        do {
            _ = try select(copy, ignoring: file)
            return nil
        } catch let error as ContextError {
            return error
        }
    }

    private func digest(_ copy: String, ignoring file: String = "") throws -> Digest {
        let tree = try SourceTree(context, ignoring: try PathPatterns(ignoreFile: Array(file.utf8)))
        return try tree.digest(of: try tree.select(try step(copy)), withOwners: false)
    }

    @Test func aDirectoryCopiesItsContents() throws {
        try project()
        let expected = ["bin", "bin/x.rs", "bin/y.txt", "lib.rs"]
        for source in ["src", "src/", "/src", "./src", "src/.", "docs/../src", "../src"] {
            #expect(try names("COPY \(source) /d/") == expected, "\(source)")
        }
    }

    @Test func aFileGoesToTheDestinationOrIntoIt() throws {
        try project()
        #expect(try names("COPY Cargo.toml /x") == [""])
        #expect(try names("COPY Cargo.toml /x/") == ["Cargo.toml"])
        #expect(try names("COPY Cargo.toml /x", isDirectory: true) == ["Cargo.toml"])
        #expect(try names("COPY src/lib.rs run.sh ./") == ["lib.rs", "run.sh"])
    }

    @Test func severalSourcesNeedADirectory() throws {
        try project()
        #expect(throws: ContextError.severalSources(destination: "/d")) {
            _ = try names("COPY Cargo.toml run.sh /d")
        }
        #expect(throws: ContextError.severalSources(destination: "/d")) {
            _ = try names("COPY Cargo.* /d")
        }
        #expect(try names("COPY Cargo.* /d", isDirectory: true) == ["Cargo.lock", "Cargo.toml"])
        #expect(try names("COPY src docs /d").count == 5)
    }

    @Test func patternsMatchNamesNotPaths() throws {
        try project()
        #expect(try names("COPY *.sh /d/") == ["run.sh"])
        #expect(try names("COPY src/*/*.rs /d/") == ["x.rs"])
        #expect(try names("COPY src/bin/[xz].rs /d/") == ["x.rs"])
        #expect(try names("COPY s*/lib.rs /d/") == ["lib.rs"])
        // A directory that matches gives its contents.
        #expect(try names("COPY do* /d/") == ["a.md"])
        // A pattern may match nothing, a path may not.
        #expect(try names("COPY *.none /d/") == [])
        #expect(try refusal("COPY nothing /d/") == .notFound("nothing"))
        #expect(
            try refusal("COPY [a /d/")
                == .pattern(.init(pattern: Array("[a".utf8), line: nil), file: nil)
        )
        #expect(try refusal("COPY Cargo.toml/x /d/") == .notADirectory(Array("Cargo.toml".utf8)))
    }

    @Test func ignoredFilesAreNotThere() throws {
        try project()
        #expect(
            try names("COPY . /d/", ignoring: "target\n*.sh\n**/*.txt\ndocs/\nCargo.*") == [
                "src", "src/bin", "src/bin/x.rs", "src/lib.rs",
            ]
        )
        #expect(
            try names("COPY . /d/", ignoring: "*\n!src/bin/x.rs") == [
                "src", "src/bin", "src/bin/x.rs",
            ]
        )
        #expect(
            try names("COPY . /d/", ignoring: "**\n!**/*.rs\n!**/a.md") == [
                "docs", "docs/a.md", "src", "src/bin", "src/bin/x.rs", "src/lib.rs",
            ]
        )
        #expect(
            try names("COPY src /d/", ignoring: "src\n!src/bin") == [
                "bin", "bin/x.rs", "bin/y.txt",
            ]
        )
        #expect(try refusal("COPY target /d/", ignoring: "target") == .notFound("target"))
        #expect(
            try refusal("COPY target/debug/big /d/", ignoring: "target")
                == .notFound("target/debug/big")
        )
        #expect(try names("COPY t* r* /d/", ignoring: "target") == ["run.sh"])
    }

    @Test func excludedFilesAreLeftOutOfOneInstruction() throws {
        try project()
        #expect(
            try names("COPY --exclude=**/*.txt --exclude=lib.rs src /d/") == ["bin", "bin/x.rs"]
        )
        #expect(try names("COPY --exclude=*.toml Cargo.* /d/") == ["Cargo.lock"])
        #expect(try names("COPY --exclude=* src /d/") == [])
    }

    @Test func parentsComeWithTheirChildren() throws {
        try project()
        #expect(try names("COPY --parents src/bin/x.rs /d/") == ["src", "src/bin", "src/bin/x.rs"])
        #expect(try names("COPY --parents src/./bin/x.rs /d/") == ["bin", "bin/x.rs"])
        #expect(
            try names("COPY --parents src/bin/. /d/") == [
                "src", "src/bin", "src/bin/x.rs", "src/bin/y.txt",
            ]
        )
        #expect(
            try names("COPY --parents **/*.rs /d/") == [
                "src", "src/bin", "src/bin/x.rs", "src/lib.rs",
            ]
        )
        #expect(try names("COPY --parents s*/./**/*.rs /d/") == ["bin", "bin/x.rs", "lib.rs"])
        #expect(try refusal("COPY --parents src/none /d/") == .notFound("src/none"))
        #expect(try names("COPY --parents src/no* /d/") == [])
    }

    @Test func linksAreFollowedAsSourcesAndCopiedInside() throws {
        try project()
        try link("context/here", to: "src/bin")
        try link("context/src/up", to: "../docs/a.md")
        try link("context/absolute", to: "/docs")
        #expect(try names("COPY here /d/") == ["x.rs", "y.txt"])
        #expect(try names("COPY here/x.rs /d/") == ["x.rs"])
        #expect(try names("COPY absolute /d/") == ["a.md"])
        #expect(try names("COPY src/up /d/") == ["up"])
        guard case .file(let file, let name) = try select("COPY src/up /d/").sources[0] else {
            Issue.record("no file")
            return
        }
        #expect(name == "up")
        #expect(file.kind == .file(size: 1))
        let inside = try select("COPY src /d/").entries(for: "/d/", isDirectory: false)
        #expect(inside.contains { $0.kind == .symbolicLink("../docs/a.md") })
    }

    // Whatever a link says, it leads nowhere but into the context.
    @Test(arguments: [
        "../outside", "../../../../../../etc/passwd", "/etc/passwd", "../context/../outside",
        "/../outside",
        "./../outside", "src/../../outside", "link2/../../outside",
    ])
    func nothingLeadsOut(target: String) throws {
        try project()
        try link("context/link", to: target)
        try link("context/link2", to: "src")
        #expect(try refusal("COPY link /d/") == .notFound("link"))
        #expect(try refusal("COPY \(target) /d/") == .notFound(target))
        #expect(try refusal("COPY l* /d/") == .notFound("l*"))
    }

    @Test func linksInCirclesEnd() throws {
        try link("context/a", to: "b")
        try link("context/b", to: "a")
        try link("context/self", to: "self/self")
        #expect(try refusal("COPY a /d/") == .tooManyLinks(Array("a".utf8)))
        #expect(try refusal("COPY self /d/") == .tooManyLinks(Array("self".utf8)))
        #expect(try names("COPY . /d/") == ["a", "b", "self"])
    }

    @Test func namesAreBytes() throws {
        let name = PathBytes([0x61, 0xFF, 0x0A])
        let directory = try OwnedDescriptor(opening: context, O_RDONLY | O_DIRECTORY)
        _ = try directory.makeFile(try #require(name))
        let entries = try select("COPY . /d/").entries(for: "/d/", isDirectory: false)
        #expect(entries.map(\.path) == [[], [try #require(name)]])
        _ = try digest("COPY . /d/")
    }

    @Test func pipesAreCopiedAndNotRead() throws {
        let path = context.appending("pipe")
        try systemCall("mkfifo", path) {
            unsafe path.withPlatformString { unsafe mkfifo($0, 0o600) }
        }
        #expect(
            try select("COPY . /d/").entries(for: "/d/", isDirectory: false).map(\.kind) == [
                .directory, .fifo,
            ]
        )
        _ = try digest("COPY . /d/")
    }

    @Test func theDigestIsOfNamesModesAndContents() throws {
        try project()
        let before = try digest("COPY src /d/")
        #expect(try digest("COPY src /e/") == before)
        let file = context.pushing("src/lib.rs")
        try systemCall("utimensat", file) {
            unsafe file.withPlatformString { unsafe utimensat(AT_FDCWD, $0, nil, 0) }
        }
        try self.file("context/docs/b.md", "elsewhere")
        #expect(try digest("COPY src /d/") == before)
        try self.file("context/src/lib.rs", "//", mode: 0o600)
        #expect(try digest("COPY src /d/") != before)
        try self.file("context/src/lib.rs", "/*", mode: 0o644)
        #expect(try digest("COPY src /d/") != before)
        try self.file("context/src/lib.rs", "//")
        #expect(try digest("COPY src /d/") == before)
        try self.file("context/src/new.rs", "")
        #expect(try digest("COPY src /d/") != before)
        #expect(try digest("COPY src /d/", ignoring: "src/new.rs") == before)
    }

    @Test func anIgnoreFileBesideTheDockerfileCountsFirst() throws {
        try project()
        try file("context/.dockerignore", "docs")
        let plain = try PathPatterns.ignored(for: context.appending("Dockerfile"), in: context)
        #expect(plain == (try PathPatterns(ignoreFile: Array("docs".utf8))))
        try file("context/other.dockerignore", "src")
        let own = try PathPatterns.ignored(for: context.appending("other"), in: context)
        #expect(own == (try PathPatterns(ignoreFile: Array("src".utf8))))
        try file("context/.dockerignore", "ok\n[")
        let path = context.appending(".dockerignore")
        #expect(throws: ContextError.pattern(.init(pattern: Array("[".utf8), line: 2), file: path))
        {
            _ = try PathPatterns.ignored(for: context.appending("Dockerfile"), in: context)
        }
    }

    // What is ignored is not even opened: a target directory can be large, or somebody else's.
    @Test func ignoredDirectoriesAreNotEntered() throws {
        try project()
        try systemCall("chmod", context) {
            unsafe context.pushing("target").withPlatformString { unsafe chmod($0, 0) }
        }
        #expect(try !names("COPY . /d/", ignoring: "target\ndocs\n!docs/*.md").contains("target"))
        try systemCall("chmod", context) {
            unsafe context.pushing("target").withPlatformString { unsafe chmod($0, 0o755) }
        }
    }
}
