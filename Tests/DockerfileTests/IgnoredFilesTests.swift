// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import Dockerfile

/// What an ignore file or an instruction leaves out of the context.
@Suite struct IgnoredFilesTests: ~Copyable {
    private let ground: ContextGround

    init() throws { ground = try ContextGround() }

    @Test func ignoredFilesAreNotThere() throws {
        try ground.project()
        #expect(
            try ground.names("COPY . /d/", ignoring: "target\n*.sh\n**/*.txt\ndocs/\nCargo.*") == [
                "src", "src/bin", "src/bin/x.rs", "src/lib.rs",
            ]
        )
        #expect(
            try ground.names("COPY . /d/", ignoring: "*\n!src/bin/x.rs") == [
                "src", "src/bin", "src/bin/x.rs",
            ]
        )
        #expect(
            try ground.names("COPY . /d/", ignoring: "**\n!**/*.rs\n!**/a.md") == [
                "docs", "docs/a.md", "src", "src/bin", "src/bin/x.rs", "src/lib.rs",
            ]
        )
        #expect(
            try ground.names("COPY src /d/", ignoring: "src\n!src/bin") == [
                "bin", "bin/x.rs", "bin/y.txt",
            ]
        )
        #expect(try ground.refusal("COPY target /d/", ignoring: "target") == .notFound("target"))
        #expect(
            try ground.refusal("COPY target/debug/big /d/", ignoring: "target")
                == .notFound("target/debug/big")
        )
        #expect(try ground.names("COPY t* r* /d/", ignoring: "target") == ["run.sh"])
    }

    @Test func excludedFilesAreLeftOutOfOneInstruction() throws {
        try ground.project()
        #expect(
            try ground.names("COPY --exclude=**/*.txt --exclude=lib.rs src /d/") == [
                "bin", "bin/x.rs",
            ]
        )
        #expect(try ground.names("COPY --exclude=*.toml Cargo.* /d/") == ["Cargo.lock"])
        #expect(try ground.names("COPY --exclude=* src /d/") == [])
    }

    @Test func anIgnoreFileBesideTheDockerfileCountsFirst() throws {
        try ground.project()
        try ground.file("context/.dockerignore", "docs")
        let plain = try PathPatterns.ignored(
            for: ground.context.appending("Dockerfile"),
            in: ground.context
        )
        #expect(plain == (try PathPatterns(ignoreFile: Array("docs".utf8))))
        try ground.file("context/other.dockerignore", "src")
        let own = try PathPatterns.ignored(
            for: ground.context.appending("other"),
            in: ground.context
        )
        #expect(own == (try PathPatterns(ignoreFile: Array("src".utf8))))
        try ground.file("context/.dockerignore", "ok\n[")
        let path = ground.context.appending(".dockerignore")
        #expect(throws: ContextError.pattern(.init(pattern: Array("[".utf8), line: 2), file: path))
        {
            _ = try PathPatterns.ignored(
                for: ground.context.appending("Dockerfile"),
                in: ground.context
            )
        }
    }

    // What is ignored is not even opened: a target directory can be large, or somebody else's.
    @Test func ignoredDirectoriesAreNotEntered() throws {
        try ground.project()
        try systemCall("chmod", ground.context) {
            unsafe ground.context.pushing("target").withPlatformString { unsafe chmod($0, 0) }
        }
        #expect(
            try !ground.names("COPY . /d/", ignoring: "target\ndocs\n!docs/*.md").contains("target")
        )
        try systemCall("chmod", ground.context) {
            unsafe ground.context.pushing("target").withPlatformString { unsafe chmod($0, 0o755) }
        }
    }
}
