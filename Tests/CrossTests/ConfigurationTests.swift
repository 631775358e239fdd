// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import cross

@Suite struct ConfigurationTests {
    private static let triple = "aarch64-unknown-linux-gnu"

    private func configuration(
        _ toml: String,
        _ variables: [String: String] = [:]
    ) throws -> Configuration {
        Configuration(
            document: try CrossToml(toml, file: FilePath("/p/Cross.toml")),
            variables: variables,
            directory: FilePath("/p")
        )
    }

    @Test(arguments: [
        ("build-std = true", []), ("build-std = [\"core\"]", ["core"]),
        ("build-std = false", nil), ("build-std = []", nil),
    ])
    func buildStd(toml: String, expected: [String]?) throws {
        let target = try Target(Self.triple)
        #expect(try configuration("[build]\n\(toml)").buildStd(target) == expected)
    }

    @Test func keysThatMeanNothingAreNamed() throws {
        let toml = """
            top = 1
            [build]
            image = "x"
            [build.env]
            pass = []
            [target.a]
            imgae = "x"
            image = { name = "n", toolchian = [] }
            """
        let warnings = try configuration(toml).warnings(for: try Target(Self.triple))
        #expect(
            warnings == [
                "/p/Cross.toml:1:1: unused key `top`",
                "/p/Cross.toml:3:1: unused key `build.image`",
                "/p/Cross.toml:5:1: unused key `build.env.pass`",
                "/p/Cross.toml:7:1: unused key `target.a.imgae`; did you mean `image`?",
                "/p/Cross.toml:8:23: unused key `target.a.image.toolchian`; "
                    + "did you mean `toolchain`?",
            ]
        )
    }

    @Test(arguments: [
        ("[target.a]\nimage = 1", "target.a.image", "a string or a table", 2, 1),
        ("[build.env]\nvolumes = \"x\"", "build.env.volumes", "an array of strings", 2, 1),
        ("[build.env]\nvolumes = [1]", "build.env.volumes", "an array of strings", 2, 1),
        ("[build]\nzig = { enable = 1 }", "build.zig.enable", "a boolean", 2, 9),
        ("build = 1", "build", "a table", 1, 1),
    ])
    func aValueOfAnotherTypeIsAnError(
        toml: String,
        key: String,
        expected: String,
        line: Int,
        column: Int
    ) {
        let file = FilePath("/p/Cross.toml")
        let position = TOMLPosition(line: line, column: column)
        let error = ConfigurationError.wrongType(
            SourcePlace(file: file, position: position),
            key: key,
            expected: expected
        )
        #expect(throws: error) { try CrossToml(toml, file: file) }
    }

    @Test(arguments: ["image = {}", "dockerfile = { context = \".\" }", "zig = { image = {} }"])
    func aTableWithoutWhatItIsAboutIsAnError(toml: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try CrossToml("[target.a]\n\(toml)", file: FilePath("/p/Cross.toml"))
        }
        guard case .missingKey(let place, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(place.position?.line == 2)
    }

    @Test func aSyntaxErrorHasAPlace() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try CrossToml("[build]\nx = = 1", file: FilePath("/p/Cross.toml"))
        }
        guard case .syntax(_, let syntax) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(syntax.line == 2)
        #expect(syntax.column == 5)
    }

    // contract: `true` and `false`, integers, and any other text is true
    @Test(arguments: [
        ("true", true), ("false", false), ("1", true), ("0", false), ("", false), ("no", true),
    ])
    func booleansInTheEnvironment(text: String, expected: Bool) {
        #expect(Truth(text).value == expected)
    }
}
