// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

@testable import cross

/// Files of public projects, and what cross-rs says of each.
@Suite struct RealConfigurationTests {
    struct Example: Decodable, CustomTestStringConvertible {
        enum Verdict: String, Decodable {
            case valid
            case syntax
            case schema
        }

        let project: String
        let file: String
        let commit: String
        let verdict: Verdict
        /// The keys that mean nothing to cross-rs, spelled with dots.
        let unused: [String]?
        let toml: String

        var testDescription: String { "\(project) \(file) \(commit.prefix(8))" }

        /// What was kept of a `Cargo.toml` is its metadata.
        var prefix: [String] {
            file.hasSuffix("Cargo.toml") ? ["package", "metadata", "cross"] : []
        }

        static var all: [Example] {
            get throws {
                let text = try Repository.text("Tests/Fixtures/real-configurations.json")
                return try JSONDecoder().decode([Example].self, from: Data(text.utf8))
            }
        }
    }

    @Test func thereAreAsManyAsThereShouldBe() throws {
        let all = try Example.all
        #expect(all.count == 283)
        #expect(Set(all.map(\.project)).count == 146)
    }

    @Test(arguments: try Example.all)
    func theVerdictIsTheOriginals(example: Example) throws {
        func read() throws -> CrossToml {
            let file = FilePath("/p/\(example.file)")
            let source = try SettingsSource(example.toml, file: file, prefix: example.prefix)
            return try CrossToml([try #require(source)])
        }
        switch example.verdict {
        case .valid:
            let document = try read()
            #expect(document.unusedKeys.map(\.key).sorted() == (example.unused ?? []).sorted())
            #expect(document.unusedKeys.allSatisfy { $0.place.position != nil })
        case .syntax:
            let error = #expect(throws: ConfigurationError.self) { try read() }
            guard case .syntax(_, let syntax) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(syntax.line > 0)
        case .schema:
            let error = #expect(throws: ConfigurationError.self) { try read() }
            guard case .missingKey(let place, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(place.position != nil)
        }
    }
}
