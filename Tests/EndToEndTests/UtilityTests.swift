// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// `cross-util` as its users type it.
@Suite(.serialized) struct UtilityTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home

    init() throws { home = try Home() }

    private func util(_ words: String...) async throws -> Outcome {
        try await home.run([home.machine.program("cross-util")] + words)
    }

    private func shell(_ words: [String]) async throws -> Outcome {
        let path = "\(home.machine.programs):/usr/bin:/bin"
        return try await home.run(words, environment: ["PATH": path])
    }

    @Test func aShellAtATerminalIsTheUsers() async throws {
        let crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        let words = [home.machine.program("cross-util"), "run", "-i", "--target", Self.triple]
        let store = ["CROSS_STORE": try SharedStore.path().string, "TERM": "dumb"]
        let line = (["/usr/bin/env"] + home.command(words, store)).map { "'\($0)'" }
            .joined(separator: " ")
        // What is typed is echoed, so that only the shell's answers have the sum and the product in them.
        let typed =
            "test -t 0 && test -t 1 && echo sum $((40 + 2))\nstty size >/dev/null && echo product $((6 * 8))\nexit 7\n"
        let result = try await Subprocess.run(
            .path("/usr/bin/script"),
            arguments: ["--quiet", "--return", "--command", line, "/dev/null"],
            workingDirectory: crate,
            input: .string(typed),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let output = result.standardOutput
        #expect(output.contains("sum 42"), "\(output)")
        #expect(output.contains("product 48"), "\(output)")
        #expect(result.terminationStatus == .exited(7))
    }

    @Test func whatIsPipedInIsReadInside() async throws {
        let crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        let words = [
            home.machine.program("cross-util"), "run", "--target", Self.triple, "--", "tr a-z A-Z",
        ]
        let command = home.command(words, ["CROSS_STORE": try SharedStore.path().string])
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(command),
            workingDirectory: crate,
            input: .string("from outside"),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.standardOutput == "FROM OUTSIDE", "\(result.standardError)")
    }

    @Test func listsForProgramsAreJSON() async throws {
        let image = home.machine.image("small")
        #expect(try await util("pull", image).code == 0)
        for (words, query, expected) in [
            ("images --format json", "keys == [\"\"]", "true"),
            ("images list --format json", ".[\"\"][0] | keys | join(\" \")", "id repository tag"),
            (
                "images list --format json", ".[\"\"][0] | .repository + \":\" + .tag",
                "\(image):latest"
            ),
            ("images list --format json nothing", ".", "{}"),
            ("targets --json", "map(select(.target == \"\(Self.triple)\"))[0].suite", "bookworm"),
            ("targets --format json", "all(.target and (.buildsStandardLibrary != null))", "true"),
        ] {
            let line =
                "cross-util \(words) | jq --exit-status --compact-output --raw-output '\(query)'"
            let outcome = try await shell(["/bin/sh", "-c", line])
            #expect(outcome.output == "\(expected)\n", "\(words): \(outcome.errors)")
        }
    }

    @Test func whatThereIsNotIsSaidAndIsNoError() async throws {
        for words in [
            ["volumes"], ["volumes", "list"], ["containers"], ["containers", "remove-all", "-e"],
        ] {
            let outcome = try await home.run([home.machine.program("cross-util")] + words)
            #expect(outcome.code == 0 && outcome.output.isEmpty)
            #expect(
                outcome.errors == "note: there are no \(words[0]), as no container engine is run\n"
            )
        }
        let creation = try await util("volumes", "create")
        #expect(creation.code == 125 && creation.errors.hasPrefix("error: there is no volume"))
        let images = try await util("images", Self.triple)
        #expect(images.code == 0 && images.output.isEmpty)
        #expect(images.errors == "note: there are no images for `\(Self.triple)` in the store\n")
    }

    @Test func wrongUseIsAnErrorLikeAnyOther() async throws {
        let outcome = try await util("nonsense")
        #expect(outcome.code == 125 && outcome.output.isEmpty)
        #expect(
            outcome.errors.hasPrefix("error: Unexpected argument 'nonsense'\nUsage: cross-util")
        )
        #expect(try await util("--version").output.hasPrefix("cross-util "))
    }

    @Test(arguments: ["cross-util targets --json", "cross-util store list", "cross doctor"])
    func whatCannotBeWrittenIsAnError(command: String) async throws {
        let outcome = try await shell(["/bin/bash", "-c", "\(command) >/dev/full"])
        #expect(outcome.code == 125)
        #expect(
            outcome.errors
                == "error: cannot write to standard output: No space left on device\n"
        )
    }

    @Test func bashCompletes() async throws {
        let script = """
            source <(cross-util completions bash)
            complete() { COMP_LINE=$*; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_POINT=${#COMP_LINE}
                COMPREPLY=(); _cross-util "$1" "${@: -1}" "${@: -2:1}"; echo "${COMPREPLY[@]}"; }
            complete cross-util ima
            complete cross-util images rem
            complete cross-util run --target aarch64-unknown-linux-g
            complete cross-util images list --format ""
            """
        let outcome = try await shell(["/bin/bash", "-c", script])
        #expect(
            outcome.output == "images\nremove\n\(Self.triple)\nhuman json\n",
            "\(outcome.output)\(outcome.errors)"
        )
    }

    @Test func zshLoadsItsCompletions() async throws {
        let script = """
            mkdir functions && cross-util completions zsh >functions/_cross-util
            fpath=($PWD/functions $fpath)
            autoload -Uz compinit && compinit -u -D && print -r -- $_comps[cross-util]
            autoload -Uz +X _cross-util && functions _cross-util | grep -c images
            """
        let outcome = try await shell(["/usr/bin/zsh", "-f", "-c", script])
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first == "_cross-util", "\(outcome.output)\(outcome.errors)")
        #expect(lines.last.flatMap { Int($0) } ?? 0 > 0)
        #expect(outcome.errors.isEmpty)
    }

    @Test func fishCompletes() async throws {
        let script = """
            cross-util completions fish | source
            complete -C 'cross-util ima'
            complete -C 'cross-util run --target aarch64-unknown-linux-g'
            """
        let outcome = try await shell(["/usr/bin/fish", "--no-config", "-c", script])
        let words = outcome.output.split(separator: "\n").map { $0.split(separator: "\t")[0] }
        #expect(words == ["images", Substring(Self.triple)], "\(outcome.output)\(outcome.errors)")
    }
}
