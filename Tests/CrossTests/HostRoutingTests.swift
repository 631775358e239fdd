// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's command line: which command runs where, and what stops in CI.

import Console
import SystemPackage
import Testing

@testable import cross

@Suite struct HostRoutingTests {
    private func host(_ environment: [String: String]) -> Host {
        Host(environment: environment, workingDirectory: "/", userName: nil, home: nil)
    }

    @Test(arguments: [
        ("build", Subcommand.Place.inside), ("b", .inside), ("check", .inside), ("c", .inside),
        ("doc", .inside), ("run", .inside), ("r", .inside), ("rustc", .inside),
        ("rustdoc", .inside), ("test", .inside), ("t", .inside), ("bench", .inside),
        ("clippy", .inside), ("metadata", .inside), ("clean", .host), ("--list", .host),
        ("install", .unknown), ("fmt", .unknown), ("fetch", .unknown), ("update", .unknown),
        ("tree", .unknown), ("add", .unknown), ("new", .unknown), ("init", .unknown),
        ("publish", .unknown), ("package", .unknown), ("fix", .unknown), ("vendor", .unknown),
        ("help", .unknown), ("nextest", .unknown), ("miri", .unknown), ("rm", .unknown),
    ])
    func whereACommandRuns(typed: String, expected: Subcommand.Place) throws {
        #expect(try Invocation([typed]).subcommand?.place == expected)
    }

    @Test(arguments: [[], ["--help"], ["-V"], ["--version"], ["-v"], ["+nightly"]])
    func noCommandIsTheHosts(arguments: [String]) throws {
        #expect(try Invocation(arguments).subcommand == nil)
    }

    @Test(arguments: [(["--list"], Subcommand.list), (["build", "--list"], .build)])
    func aListIsACommandWhereThereIsNoOther(arguments: [String], expected: Subcommand) throws {
        #expect(try Invocation(arguments).subcommand == expected)
    }

    // contract: needs_docker
    @Test(arguments: [
        "x86_64-unknown-linux-gnu", "aarch64-linux-android", "thumbv6m-none-eabi",
        "thumbv7em-none-eabihf", "aarch64-unknown-none", "riscv64-unknown-none-elf",
        "x86_64-unknown-freebsd", "x86_64-unknown-dragonfly", "sparcv9-sun-solaris",
        "x86_64-unknown-illumos", "x86_64-pc-windows-msvc", "wasm32-unknown-emscripten",
        "aarch64-apple-darwin", "sub/custom.json",
    ])
    func targetsThatNeedARootFilesystem(triple: String) throws {
        #expect(try Target(triple).needsRootfs)
    }

    @Test(arguments: [
        "wasm32-unknown-unknown", "wasm32-wasip1", "x86_64-fuchsia", "x86_64-unknown-redox",
        "x86_64-unknown-haiku", "x86_64-unknown-uefi",
    ])
    func targetsThatTheHostsCargoBuilds(triple: String) throws {
        #expect(try !Target(triple).needsRootfs)
    }

    @Test(arguments: [
        ("aarch64-unknown-linux-gnuu", "aarch64-unknown-linux-gnu"),
        ("aarch64-uknown-linux-musl", "aarch64-unknown-linux-musl"), ("my-own-target", nil),
        // There is no recipe for it, but it is what was meant.
        ("aarch64-linux-android", nil),
    ])
    func whichTargetWasMeantIsSaid(typed: String, meant: String?) throws {
        let target = try Target(typed)
        for error in [TargetError.noImage(target), .noRecipe(target, nil)] {
            let hint = try #require(Explanation(error).hint)
            #expect(hint.contains("did you mean") == (meant != nil))
            if let meant { #expect(hint.hasPrefix("did you mean `\(meant)`?\n")) }
        }
    }

    // contract: CROSS_NO_WARNINGS, else what is_ci knows
    @Test(arguments: [
        ([:], false), (["CI": "true"], true), (["CI": "1"], true), (["CI": "woodpecker"], true),
        (["CI": "false"], false), (["CI": ""], false), (["GITHUB_ACTION": "x"], true),
        (["GITLAB_CI": ""], true), (["TRAVIS": "1"], true), (["BUILDKITE": "1"], true),
        (["CIRCLECI": "1"], true), (["JENKINS_URL": "u"], true),
        (["CI": "true", "CROSS_NO_WARNINGS": "0"], false),
        (["CI": "true", "CROSS_NO_WARNINGS": "false"], false), (["CROSS_NO_WARNINGS": "1"], true),
    ])
    func warningsAreErrorsInCI(environment: [String: String], expected: Bool) {
        #expect(host(environment).takesWarningsForErrors == expected)
    }

    @Test func aListIsToldApartByWhereCommandsRun() {
        let list = CommandList(
            cargo:
                "Installed Commands:\n    build   Compile\n    fmt\n    b   alias: build\n    x\n\n",
            subcommands: ["x"]
        )
        #expect(
            list.text == """
                Cross Commands:
                    build   Compile
                    b   alias: build
                    x

                Host Commands:
                    fmt
                """
        )
        #expect(CommandList(cargo: "Other:\n  build").text == "Other:\n  build")
    }

    // contract: flags first, then CARGO_TERM_…, which must be spelled out
    @Test(arguments: [
        ([], [:], Console.Verbosity.normal), ([], ["CARGO_TERM_QUIET": "true"], .quiet),
        ([], ["CARGO_TERM_VERBOSE": "true"], .verbose),
        (["-v"], ["CARGO_TERM_QUIET": "true"], .verbose),
        (["-q"], ["CARGO_TERM_VERBOSE": "true"], .quiet),
        ([], ["CARGO_TERM_VERBOSE": "false"], .normal),
    ])
    func verbosity(
        options: [String],
        environment: [String: String],
        expected: Console.Verbosity
    ) throws {
        let console = try Invocation(["build"] + options).console(host(environment))
        #expect(console.verbosity == expected)
    }

    @Test(arguments: [
        ["CARGO_TERM_QUIET": "1"], ["CARGO_TERM_VERBOSE": "yes"], ["CARGO_TERM_COLOR": "purple"],
        ["CARGO_TERM_QUIET": "true", "CARGO_TERM_VERBOSE": "true"],
    ])
    func aVariableOfCargosWithAnotherValueIsAnError(environment: [String: String]) {
        #expect(throws: InvocationError.self) {
            try Invocation(["build"]).console(host(environment))
        }
    }

    @Test(arguments: [("always", true), ("never", false)])
    func colour(word: String, expected: Bool) throws {
        let variable = ["CARGO_TERM_COLOR": word]
        #expect(try Invocation(["build"]).console(host(variable)).colour == expected)
        let option = try Invocation(["build", "--color", word]).console(host([:]))
        #expect(option.colour == expected)
    }
}
