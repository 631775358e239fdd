// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's command line, the table of arguments, row by row.

import Console
import SystemPackage
import Testing

@testable import cross

/// Each kind of argument: what cargo gets of it, and what `cross` makes of it.
@Suite struct ArgumentTests {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let target = ["--target", triple]

    /// What cargo gets inside.
    private func inside(_ typed: [String]) throws -> [String] {
        InsideArguments(
            invocation: try Invocation(typed),
            target: try Target(Self.triple),
            buildStd: nil,
            doctests: false
        ).list
    }

    // Row `--`.
    @Test(arguments: [
        ["--"], ["--", "-v", "-q"], ["--", "--target", "x", "--color", "purple"],
        ["--", "+nightly", "", "--"], ["--", "--target-dir", "d", "--manifest-path"],
    ])
    func whatFollowsTheSeparatorComesLastAndIsNotLookedInto(rest: [String]) throws {
        #expect(try inside(["test"] + rest) == ["test"] + target + rest)
        let invocation = try Invocation(["test"] + rest)
        #expect(invocation.verbosity == nil)
        #expect(invocation.target == nil && invocation.targetDirectory == nil)
    }

    // Rows `-v`, `-q`, `-V`, `--color`, `--manifest-path`, `--features` and "anything else": cargo has
    // them as they were typed, before its command as well as behind it.
    @Test(arguments: [
        ["-v"], ["-vv"], ["--verbose"], ["-v", "-v"], ["-q"], ["--quiet"], ["-V"], ["--version"],
        ["--color", "always"], ["--color=never"], ["--manifest-path", "a/../Cargo.toml"],
        ["--manifest-path=Cargo.toml"], ["--features", "a b"], ["--features=a", "--features=b"],
        ["-F", "a,b"], ["-Fa"], ["--all-features"], ["--no-default-features"], ["--release"],
        ["--config", "a.b=1"], ["-Z", "unstable-options"], ["-Zbuild-std"], ["--locked"],
        ["--offline"], ["--frozen"], ["-h"], ["--help"], ["-j4"], ["--é=ü"], ["--unheard-of"],
    ])
    func anOptionReachesCargoAsItWasTyped(option: [String]) throws {
        #expect(try inside(["build"] + option) == ["build"] + option + target)
        #expect(try inside(option + ["build"]) == option + ["build"] + target)
    }

    // Row `-v`.
    @Test(arguments: [
        (["-v"], false), (["--verbose"], false), (["-vv"], true), (["-vvvv"], true),
        (["-v", "--verbose"], true),
    ])
    func everyVCounts(option: [String], isVeryVerbose: Bool) throws {
        let invocation = try Invocation(["build"] + option)
        #expect(invocation.verbosity == .verbose)
        #expect(invocation.isVeryVerbose == isVeryVerbose)
    }

    // Row `-V`: without a command it is ours to answer, behind one it is cargo's.
    @Test(arguments: ["-V", "--version"])
    func theVersionIsAskedOfWhoeverIsNamed(option: String) throws {
        let alone = try Invocation([option])
        #expect(alone.isVersion && alone.subcommand == nil)
        #expect(try inside(["build", option]).contains(option))
    }

    // Row `--manifest-path`.
    @Test(arguments: [["--manifest-path", "a/Cargo.toml"], ["--manifest-path=a/Cargo.toml"]])
    func theManifestsPathIsAlsoWhereTheWorkspaceIsLookedFor(option: [String]) throws {
        let invocation = try Invocation(["build"] + option)
        #expect(invocation.manifestPath == "a/Cargo.toml")
        #expect(invocation.resolutionArguments == option)
    }

    // Row `+chan`: cargo inside has no use for it.
    @Test func theToolchainIsTakenOut() throws {
        #expect(try Invocation(["+1.85-2025-02-20", "build"]).channel == "1.85-2025-02-20")
        #expect(try inside(["+nightly", "build"]) == ["build"] + target)
    }

    // Row `--target`.
    @Test(arguments: [
        ["build", "--target", "a", "--target=b"], ["--target=a", "build", "--target", "b"],
    ])
    func theLastTargetDecidesAndAllOfThemStay(typed: [String]) throws {
        #expect(try Invocation(typed).target == "b")
        #expect(try inside(typed) == typed)
    }

    // Row `--features`, and the options that the original forgets.
    @Test(arguments: [
        ["--features", "a"], ["--features=a,b", "--features=c"], ["-F", "a"], ["-Fa"],
        ["--all-features"], ["--no-default-features"], ["--offline"], ["--locked"], ["--frozen"],
        ["--config", "a=1"], ["-Z", "x"], ["--manifest-path", "Cargo.toml"],
    ])
    func whatDecidesOnDependenciesIsForTheDescriptionToo(option: [String]) throws {
        #expect(try Invocation(["build"] + option).resolutionArguments == option)
    }

    // Row `--target-dir`.
    @Test(arguments: [
        (["--target-dir", "d"], ["--target-dir", "/target"]),
        (["--target-dir=../d"], ["--target-dir=/target"]),
    ])
    func theTargetDirectoryHasAnotherNameInside(option: [String], expected: [String]) throws {
        #expect(try inside(["build"] + option) == ["build"] + expected + target)
        #expect(try Invocation(["build"] + option).targetDirectory?.hasSuffix("d") == true)
    }

    // Row "first argument that does not start with -".
    @Test(arguments: [
        (["build", "test"], Subcommand.build), (["-v", "é", "build"], .other("é")),
        (["--target", "check", "build"], .build), (["", "build"], .build),
    ])
    func theFirstWordIsTheCommand(typed: [String], expected: Subcommand) throws {
        #expect(try Invocation(typed).subcommand == expected)
    }

    @Test func emptyArgumentsAreLeftOutUnlessTheyAreValues() throws {
        #expect(try inside(["", "build", "", "-p", ""]) == ["build", "-p", ""] + target)
    }

    // The table of commands: what compiles does so for the target.
    @Test(arguments: [
        "build", "b", "check", "c", "doc", "d", "run", "r", "rustc", "rustdoc", "test", "t",
        "bench", "clippy",
    ])
    func everyCommandThatCompilesIsForTheTarget(name: String) throws {
        #expect(try inside([name]) == [name] + target)
        #expect(try inside([name, "--target", "x"]) == [name, "--target", "x"])
    }

    @Test(arguments: [
        ["metadata", "--target", "x"], ["--target=x", "metadata"],
        ["metadata", "--target", "x", "--target=y"], ["metadata"],
    ])
    func theDescriptionIsOfAllTargets(typed: [String]) throws {
        #expect(try inside(typed) == ["metadata"])
    }

    @Test func helpOfACommandIsTheInsideCargos() throws {
        #expect(try Invocation(["build", "--help"]).subcommand?.place == .inside)
        #expect(try inside(["build", "--help"]) == ["build", "--help"] + target)
        #expect(try Invocation(["--help"]).subcommand == nil)
        #expect(try Invocation(["help", "build"]).subcommand?.place == .unknown)
    }

    @Test(arguments: [["clean", "--target", "x", "-v"], ["fmt", "--check"], ["--list"], ["-V"]])
    func theHostsCargoGetsTheCommandLineAsItWasTyped(typed: [String]) throws {
        let host = Host(environment: [:], workingDirectory: "/", userName: nil, home: nil)
        #expect(try Invocation(typed).subcommand?.place != .inside)
        #expect(HostCargo(typed, host).arguments == typed)
    }
}
