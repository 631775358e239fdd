// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import SystemPackage

extension Explanation {
    /// Finds the words for what is wrong with a Dockerfile.
    init(_ error: DockerfileError, in file: FilePath) {
        let (text, hint) = Self.words(error.fault)
        self.init("\(file):\(error.location): \(text)", hint: hint)
    }

    private static func words(_ fault: DockerfileFault) -> (String, hint: String?) {
        Self.text(fault) ?? Self.form(fault) ?? Self.instruction(fault) ?? Self.plan(fault)
            ?? ("\(fault)", nil)
    }

    /// The file as text.
    private static func text(_ fault: DockerfileFault) -> (String, hint: String?)? {
        switch fault {
        case .tooLarge(let limit):
            ("the file is longer than \(limit >> 20) MiB", "is it a Dockerfile?")
        case .notUTF8: ("the line is not UTF-8", "save the file as UTF-8")
        case .empty:
            (
                "the file has no stage",
                "begin it with `ARG CROSS_BASE_IMAGE` and `FROM $CROSS_BASE_IMAGE`"
            )
        case .repeatedDirective(let name):
            ("the directive `\(name)` is there twice", "remove one")
        case .invalidEscape(let text):
            ("`\(text)` cannot be the escape", "write `# escape=\\` or `# escape=``")
        case .unterminatedHeredoc(let name):
            ("the line `\(name)`, which ends the here-document, is missing", nil)
        case .heredocName(let name):
            (
                "the here-document `\(name)` cannot be a file of that name",
                "choose a word without slashes"
            )
        case .heredocDestination:
            ("a here-document cannot be the destination", "name the destination last")
        default: nil
        }
    }

    /// What all instructions have.
    private static func form(_ fault: DockerfileFault) -> (String, hint: String?)? {
        switch fault {
        case .unknownInstruction(let name):
            ("there is no instruction `\(name)`", "docs/dockerfile.md lists all of them")
        case .noStage(let name):
            ("`\(name)` comes before the first FROM", "only ARG may stand there")
        case .arguments(let name, let expected): ("`\(name)` \(Self.needs(expected))", nil)
        case .notStrings(let name):
            ("the array of `\(name)` has elements that are no strings", "quote them with \"")
        case .notAnArray(let name):
            ("`\(name)` takes an array", "such as `\(name) [\"/bin/bash\", \"-c\"]`")
        case .unknownFlag(let flag, let name):
            ("`\(name)` has no `--\(flag)`", "docs/dockerfile.md lists what there is")
        case .repeatedFlag(let flag): ("`--\(flag)` is there twice", "remove one")
        case .flagWithoutValue(let flag): ("`--\(flag)` needs a value: `--\(flag)=…`", nil)
        case .flagNotBoolean(let flag): ("`--\(flag)` is `true` or `false`", nil)
        case .unsupported(let what):
            ("`\(what)` is not supported", "docs/dockerfile.md lists what is")
        default: nil
        }
    }

    private static func needs(_ expected: Arity) -> String {
        switch expected {
        case .one: "needs one argument"
        case .some: "needs an argument"
        case .sourcesAndDestination: "needs a source and a destination"
        case .imageAndName: "needs an image, or an image, `AS` and a name"
        case .nameAndValue: "needs a name and a value: `NAME=VALUE`"
        }
    }

    /// What single instructions have.
    private static func instruction(_ fault: DockerfileFault) -> (String, hint: String?)? {
        switch fault {
        case .noEqualsSign(let word):
            ("there is no `=` in `\(word)`", "write NAME=VALUE, in quotes where there are blanks")
        case .blankName(let name): ("`\(name)` of a name that is empty", nil)
        case .stageName(let name):
            (
                "`\(name)` is no name for a stage",
                "a letter, then letters, digits, `-`, `_` and `.`"
            )
        case .trigger(let name): ("`\(name)` cannot be triggered by ONBUILD", nil)
        case .emptyVolume: ("the path of a volume is empty", nil)
        case .healthcheckKind(let kind):
            (
                "`HEALTHCHECK \(kind)` means nothing",
                "write `HEALTHCHECK CMD …` or `HEALTHCHECK NONE`"
            )
        case .duration(let text, let flag):
            ("`\(text)` is no duration for `--\(flag)`", "such as `30s` or `1m30s`")
        case .retries(let text): ("`\(text)` is no number of retries", nil)
        case .signal(let text): ("there is no signal `\(text)`", "such as `SIGTERM` or `15`")
        case .mode(let text): ("`\(text)` is no mode", "such as `0755` or `u+x,go-w`")
        case .checksum(let text):
            ("`\(text)` is no checksum", "write `sha256:` and 64 hexadecimal digits")
        case .checksumWithoutURL: ("`--checksum` is for a single URL", nil)
        case .mount(let fault):
            ("`--mount`: \(Self.words(fault))", "docs/dockerfile.md lists the options")
        case .network(let text):
            ("there is no network `\(text)`", "write `default`, `host` or `none`")
        case .urlInCopy(let url): ("COPY cannot fetch `\(url)`", "ADD can")
        default: nil
        }
    }

    private static func words(_ fault: MountFault) -> String {
        switch fault {
        case .unknownKey(let key): "there is no option `\(key)`"
        case .noValue(let key): "`\(key)` needs a value"
        case .unbalancedQuotes: "a quote is not closed"
        case .variableInFrom(let name): "`from=\(name)` cannot have a variable"
        case .unknownType(let type): "there is no type `\(type)`"
        case .unsupportedType(let type): "the type `\(type)` is not supported"
        case .value(let text, let key): "`\(text)` is no value for `\(key)`"
        case .misplaced(let key, let type): "`\(key)` means nothing for the type `\(type)`"
        case .target(let path): "`\(path)` cannot be the target"
        case .secretName: "a secret needs an `id`, or else a `source` or a `target`"
        }
    }

    /// What only shows when everything is expanded.
    private static func plan(_ fault: DockerfileFault) -> (String, hint: String?)? {
        switch fault {
        case .expansion(let fault): (Self.words(fault), nil)
        case .emptyBase(let word):
            (
                "`FROM \(word)` is empty",
                "declare the variable in front of the first FROM, such as `ARG CROSS_BASE_IMAGE`, "
                    + "with a default or a build argument"
            )
        case .reference(let name, let error): ("`\(name)` is no image's name: \(error)", nil)
        case .platform(let text): ("`\(text)` is no platform", "such as `linux/amd64`")
        case .unknownStage(let name, let known):
            (
                "there is no stage `\(name)`",
                known.isEmpty
                    ? "no stage has a name" : "there are: \(known.joined(separator: ", "))"
            )
        case .laterStage(let name):
            ("the stage `\(name)` does not come before", "move it in front of this one")
        case .variableInFrom(let name):
            (
                "`--from=\(name)` cannot have a variable",
                "name the image in a stage of its own: `FROM \(name) AS …`"
            )
        case .foreignTrigger(let text):
            ("the base image has a trigger that is no instruction: `\(text)`", nil)
        default: nil
        }
    }

    private static func words(_ fault: ExpansionFault) -> String {
        switch fault {
        case .unbalancedQuote(let quote): "the quote `\(quote)` is not closed"
        case .missingBrace: "`${` is not closed"
        case .missingSlash: "the second slash in `${…/…/…}` is missing"
        case .badSubstitution: "`${…}` has no name"
        case .unknownModifier(let text): "`\(text)` means nothing in `${…}`"
        case .badPattern(let text): "`\(text)` is no pattern"
        case .required(let name, ""): "`\(name)` is not set"
        case .required(let name, let message): "`\(name)`: \(message)"
        case .tooDeep: "`${…}` is nested too deep"
        case .tooLong(let limit): "the word becomes longer than \(limit) characters"
        }
    }
}
