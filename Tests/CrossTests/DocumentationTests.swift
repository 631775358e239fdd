// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import cross

/// What the documentation shows must work as it stands.
@Suite struct DocumentationTests {
    /// A fenced block: `toml` is a `Cross.toml`, `toml,cargo` a `Cargo.toml`.
    struct Block: CustomTestStringConvertible {
        let page: String
        let line: Int
        let language: String
        let text: String

        var testDescription: String { "\(page):\(line)" }

        static func all(_ languages: Set<String>) throws -> [Block] {
            try Repository.pages.flatMap { try blocks(of: $0) }
                .filter { languages.contains($0.language) }
        }

        static func blocks(of page: String) throws -> [Block] {
            var blocks: [Block] = []
            var open: (line: Int, language: String, lines: [String])?
            let lines = try Repository.text(page).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            for (index, whole) in lines.enumerated() {
                // A block may stand in a list.
                let line = whole.drop { $0 == " " }
                if !line.hasPrefix("```") {
                    open?.lines.append(String(line))
                } else if let block = open {
                    let text = block.lines.joined(separator: "\n")
                    blocks.append(
                        Block(page: page, line: block.line, language: block.language, text: text)
                    )
                    open = nil
                } else {
                    open = (index + 1, String(line.dropFirst(3)), [])
                }
            }
            return blocks
        }
    }

    @Test(arguments: try Block.all(["toml"]))
    func everyCrossTomlHasOnlyKeysThatMeanSomething(block: Block) throws {
        let file = FilePath("/\(block.page)")
        #expect(try CrossToml(block.text, file: file).unusedKeys.isEmpty)
    }

    @Test(arguments: try Block.all(["toml,cargo"]))
    func everyCargoTomlHasMetadataThatMeansSomething(block: Block) throws {
        let file = FilePath("/\(block.page)")
        let sources = try ["workspace", "package"].compactMap { table in
            try SettingsSource(block.text, file: file, prefix: [table, "metadata", "cross"])
        }
        #expect(!sources.isEmpty)
        for source in sources { #expect(try CrossToml([source]).unusedKeys.isEmpty) }
    }

    @Test func thereAreBlocksOfBothKinds() throws {
        #expect(try Block.all(["toml"]).count >= 5)
        #expect(try !Block.all(["toml,cargo"]).isEmpty)
    }

    // What is neither ours to read nor another program's would be looked at by nobody.
    @Test func everyBlocksLanguageIsKnown() throws {
        let known: Set = [
            "toml", "toml,cargo", "toml,manifest", "toml,gitlab-runner", "toml,registries", "sh",
            "yaml", "yaml,docker", "yaml,docker-unconfined", "yaml,k8s-restricted",
        ]
        let languages = Set(
            try Repository.pages.flatMap { try Block.blocks(of: $0) }.map(\.language)
        )
        #expect(languages.isSubset(of: known), "\(languages.subtracting(known))")
    }
}
