// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

/// Links in the context, which lead nowhere but into it.
@Suite struct ContextLinkTests: ~Copyable {
    private let ground: ContextGround

    init() throws { ground = try ContextGround() }

    @Test func linksAreFollowedAsSourcesAndCopiedInside() throws {
        try ground.project()
        try ground.link("context/here", to: "src/bin")
        try ground.link("context/src/up", to: "../docs/a.md")
        try ground.link("context/absolute", to: "/docs")
        #expect(try ground.names("COPY here /d/") == ["x.rs", "y.txt"])
        #expect(try ground.names("COPY here/x.rs /d/") == ["x.rs"])
        #expect(try ground.names("COPY absolute /d/") == ["a.md"])
        #expect(try ground.names("COPY src/up /d/") == ["up"])
        guard case .file(let file, let name) = try ground.select("COPY src/up /d/").sources[0]
        else {
            Issue.record("no file")
            return
        }
        #expect(name == "up")
        #expect(file.kind == .file(size: 1))
        let inside = try ground.select("COPY src /d/").entries(for: "/d/", isDirectory: false)
        #expect(inside.contains { $0.kind == .symbolicLink("../docs/a.md") })
    }

    // Whatever a link says, it leads nowhere but into the context.
    @Test(arguments: [
        "../outside", "../../../../../../etc/passwd", "/etc/passwd", "../context/../outside",
        "/../outside",
        "./../outside", "src/../../outside", "link2/../../outside",
    ])
    func nothingLeadsOut(target: String) throws {
        try ground.project()
        try ground.link("context/link", to: target)
        try ground.link("context/link2", to: "src")
        #expect(try ground.refusal("COPY link /d/") == .notFound("link"))
        #expect(try ground.refusal("COPY \(target) /d/") == .notFound(target))
        #expect(try ground.refusal("COPY l* /d/") == .notFound("l*"))
    }

    @Test func linksInCirclesEnd() throws {
        try ground.link("context/a", to: "b")
        try ground.link("context/b", to: "a")
        try ground.link("context/self", to: "self/self")
        #expect(try ground.refusal("COPY a /d/") == .tooManyLinks(Array("a".utf8)))
        #expect(try ground.refusal("COPY self /d/") == .tooManyLinks(Array("self".utf8)))
        #expect(try ground.names("COPY . /d/") == ["a", "b", "self"])
    }
}
