// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's configuration, the table of keys, row by row; and the keys of our own.

import SystemPackage
import Testing

@testable import cross

/// Every key: where it stands, what it takes, and what it does not.
@Suite struct SettingKeyTests {
    struct Key: CustomTestStringConvertible {
        enum Section: CaseIterable {
            case build
            case target

            var header: String { self == .build ? "[build]" : "[target.a]" }
        }

        let name: String
        /// Values of each form that there is, as TOML.
        let forms: [String]
        /// Values of other types.
        let wrong: [String]
        let sections: [Section]

        init(_ name: String, _ forms: [String], not wrong: [String], in sections: [Section]) {
            self.name = name
            self.forms = forms
            self.wrong = wrong
            self.sections = sections
        }

        var testDescription: String { name }
    }

    private static let list = ["[]", "[\"A\", \"B=1\"]"]
    private static let noList = ["\"A\"", "[1]", "true", "{}"]
    private static let noString = ["1", "true", "[\"a\"]", "{}"]

    static let keys = [
        Key("default-target", ["\"t\""], not: noString, in: [.build]),
        Key(
            "build-std",
            ["true", "false", "[]", "[\"core\", \"alloc\"]"],
            not: ["\"core\"", "1", "[1]", "{}"],
            in: [.build, .target]
        ),
        Key(
            "zig",
            [
                "true", "false", "\"2.17\"", "{}", "{ enable = true, version = \"2.17\" }",
                "{ image = \"z\" }", "{ image = { name = \"z\", toolchain = [\"linux/amd64\"] } }",
            ],
            not: ["1", "[]", "{ enable = 1 }", "{ version = 2.17 }", "{ image = 1 }"],
            in: [.build, .target]
        ),
        Key(
            "pre-build",
            ["\"a\"", "\"\"\"a\nb\"\"\"", "[]", "[\"a\", \"b\"]"],
            not: ["true", "1", "[1]", "{}"],
            in: [.build, .target]
        ),
        Key(
            "dockerfile",
            [
                "\"D\"", "{ file = \"D\" }",
                "{ file = \"D\", context = \"c\", build-args = { A = \"1\" } }",
            ],
            not: [
                "true", "[]", "{}", "{ file = 1 }", "{ context = \"c\" }",
                "{ file = \"D\", build-args = { A = 1 } }", "{ file = \"D\", build-args = [] }",
            ],
            in: [.build, .target]
        ),
        Key("env.passthrough", list, not: noList, in: [.build, .target]),
        Key("env.volumes", list, not: noList, in: [.build, .target]),
        Key(
            "image",
            ["\"i\"", "{ name = \"i\" }", "{ name = \"i\", toolchain = [\"linux/amd64\"] }"],
            not: ["1", "[]", "{}", "{ name = 1 }", "{ toolchain = [] }"],
            in: [.target]
        ),
        Key("runner", ["\"qemu-user\""], not: noString, in: [.target]),

        Key("rootfs", ["\"debian\""], not: noString, in: [.build, .target]),
        Key("suite", ["\"trixie\""], not: noString, in: [.build, .target]),
        Key("packages", list, not: noList, in: [.build, .target]),
        Key("subcommands", list, not: noList, in: [.build]),
        Key("credentials", list, not: noList, in: [.build]),
        Key("allow", list, not: noList, in: [.build]),
        Key("project", ["\"discard\""], not: noString, in: [.build]),
        Key("memory-limit", ["\"4G\""], not: noString, in: [.build]),
        Key("process-limit", ["512"], not: ["\"512\"", "true", "[1]", "{}"], in: [.build]),
        Key("sccache", ["true", "false"], not: ["\"yes\"", "1", "[]"], in: [.build]),
        Key("rootfs-manifests", ["\"d\""], not: noString, in: [.build]),
        Key("debian.mirror", ["\"u\""], not: noString, in: [.build]),
        Key("debian.security-mirror", ["\"u\""], not: noString, in: [.build]),
        Key("debian.keyring", ["\"f\""], not: noString, in: [.build]),
        Key("debian.snapshots", ["\"u\""], not: noString, in: [.build]),
    ]

    private func read(_ key: Key, _ value: String, in section: Key.Section) throws -> CrossToml {
        let text = "\(section.header)\n\(key.name) = \(value)"
        return try CrossToml(text, file: FilePath("/p/Cross.toml"))
    }

    @Test(arguments: keys)
    func aKeyTakesEachOfItsForms(key: Key) throws {
        for section in key.sections {
            for form in key.forms {
                let document = try read(key, form, in: section)
                #expect(document.unusedKeys.isEmpty)
                // Nothing that is written may be read and forgotten.
                if form != "{}" { #expect(document != (try CrossToml("", file: "/p/Cross.toml"))) }
            }
        }
    }

    @Test(arguments: keys)
    func aValueOfAnotherTypeIsAnErrorThatNamesItsLine(key: Key) {
        for section in key.sections {
            for value in key.wrong {
                let error = #expect(throws: ConfigurationError.self) {
                    try read(key, value, in: section)
                }
                switch error {
                case .wrongType(let place, let name, _), .missingKey(let place, let name):
                    #expect(place.position?.line == 2)
                    #expect(name.contains(key.name))
                default: Issue.record("\(key.name) = \(value): \(String(describing: error))")
                }
            }
        }
    }

    @Test(arguments: keys)
    func aKeyOfTheOtherSectionMeansNothingAndIsNamed(key: Key) throws {
        for section in Key.Section.allCases where !key.sections.contains(section) {
            for form in key.forms {
                let unused = try read(key, form, in: section).unusedKeys
                #expect(unused.count == 1)
                #expect(unused.first?.place.position?.line == 2)
            }
        }
    }

    // Without `image`, `runner` and `xargo`: rows of what only warns.
    @Test(arguments: [
        "[build]\nxargo = true", "[target.a]\nxargo = false", "[build]\nimage = \"i\"",
        "[build]\nrunner = \"native\"", "[target.a]\ndefault-target = \"t\"", "[other]",
        "[build]\nenviron = {}", "[target.a]\nenv.pass = []", "key = 1",
    ])
    func whatMeansNothingIsNoError(toml: String) throws {
        #expect(try CrossToml(toml, file: "/p/Cross.toml").unusedKeys.count == 1)
    }

    @Test(arguments: ["anything", "\"thumbv8m.main-none-eabi\"", "my-own_target"])
    func namesOfTargetsAreFree(name: String) throws {
        let document = try CrossToml("[target.\(name)]\nimage = \"i\"", file: "/p/Cross.toml")
        let triple = name.filter { $0 != "\"" }
        #expect(document.unusedKeys.isEmpty)
        #expect(document[try Target(triple)].image == ImageSetting(name: "i"))
    }
}
