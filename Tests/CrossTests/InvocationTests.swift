// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Testing

@testable import cross

@Suite struct InvocationTests {
    // Where cargo runs is decided by its subcommand, aliases included.
    @Test(arguments: [
        ("build", Subcommand.build), ("b", .build), ("check", .check), ("c", .check),
        ("doc", .doc), ("d", .doc), ("run", .run), ("r", .run), ("rustc", .rustc),
        ("rustdoc", .rustdoc), ("test", .test), ("t", .test), ("bench", .bench),
        ("clippy", .clippy), ("metadata", .metadata), ("fmt", .other("fmt")),
    ])
    func subcommandsAndAliases(name: String, expected: Subcommand) throws {
        #expect(try Invocation([name]).subcommand == expected)
    }

    @Test(arguments: [
        (["build", "--target", "a"], "a"), (["build", "--target=a"], "a"),
        (["--target", "a", "build"], "a"), (["build", "--target", "a", "--target=b"], "b"),
        (["run", "--", "--target", "a"], nil), (["", "build", "--target", "a"], "a"),
        (["build", "--target-dir", "a"], nil), (["build", "--config", "--target=x"], nil),
    ])
    func theLastTargetBeforeTheSeparatorCounts(arguments: [String], expected: String?) throws {
        #expect(try Invocation(arguments).target == expected)
    }

    // Options with a value may stand before the subcommand, and the value is no subcommand.
    @Test(arguments: [
        ["-Z", "build-std", "build"], ["--config", "a=1", "build"], ["-C", "dir", "build"],
        ["--color", "never", "build"], ["-Zbuild-std", "build"], ["-v", "build"],
    ])
    func valuesAreNoSubcommands(arguments: [String]) throws {
        #expect(try Invocation(arguments).subcommand == .build)
    }

    // Only what starts programs of the target's needs something to run them with.
    @Test(arguments: [
        (["test"], true), (["r"], true), (["bench"], true), (["test", "--no-run"], false),
        (["bench", "--no-run"], false), (["test", "--", "--no-run"], true), (["build"], false),
    ])
    func whatStartsPrograms(arguments: [String], expected: Bool) throws {
        #expect(try Invocation(arguments).runsTargetPrograms == expected)
    }

    @Test(arguments: [
        (["build", "-vv"], true), (["-v", "build", "--verbose"], true), (["build", "-v"], false),
        (["build", "--", "-vv"], false), (["build", "-"], false), (["build"], false),
    ])
    func twoOfVAreVeryVerbose(arguments: [String], expected: Bool) throws {
        #expect(try Invocation(arguments).isVeryVerbose == expected)
    }

    @Test func theToolchainComesFirstOrNotAtAll() throws {
        let invocation = try Invocation(["+nightly", "test", "+x"])
        #expect(invocation.channel == "nightly")
        #expect(invocation.cargoArguments == ["test", "+x"])
    }

    @Test func everythingElseReachesCargoUnchanged() throws {
        let words = ["build", "-p", "é", "--release", "-vv", "--features=a,b", "-F", "c"]
        let invocation = try Invocation(words + ["--", "-q", "--color", "purple"])
        #expect(invocation.cargoArguments == words)
        #expect(invocation.programArguments == ["--", "-q", "--color", "purple"])
        #expect(invocation.verbosity == .verbose)
        #expect(invocation.resolutionArguments == ["--features=a,b", "-F", "c"])
    }

    @Test(arguments: [
        ("-v", Console.Verbosity.verbose), ("-vvvv", .verbose), ("--verbose", .verbose),
        ("-q", .quiet), ("--quiet", .quiet),
    ])
    func verbosity(option: String, expected: Console.Verbosity) throws {
        #expect(try Invocation(["build", option]).verbosity == expected)
    }

    @Test(arguments: ["-V", "-", "-version", "b", "-vq"])
    func whatOnlyLooksLikeVerbosity(option: String) throws {
        #expect(try Invocation([option]).verbosity == nil)
    }

    @Test(arguments: [
        (["build", "--color"], InvocationError.missingValue("--color <WHEN>")),
        (["build", "--color=purple"], .invalidColour("purple")),
        (["build", "--manifest-path"], .missingValue("--manifest-path <PATH>")),
        (["build", "--target-dir="], .missingValue("--target-dir <DIRECTORY>")),
        (["build", "-v", "-q"], .verboseAndQuiet),
        (["build", "--target"], .missingValue("--target <TRIPLE>")),
        (["+", "build"], .missingValue("+<TOOLCHAIN>")),
    ])
    func wrongUseIsNamed(arguments: [String], expected: InvocationError) {
        #expect(throws: expected) { try Invocation(arguments) }
    }

    // After its first word that is no option, `cargo run` hands everything to the program.
    @Test func whatFollowsAWordAfterRunIsTheProgramsOwn() throws {
        let invocation = try Invocation(["run", "--release", "in.txt", "-q", "-v", "--target", "x"])
        #expect(invocation.cargoArguments == ["run", "--release"])
        #expect(invocation.programArguments == ["in.txt", "-q", "-v", "--target", "x"])
        #expect(invocation.target == nil)
    }

    @Test func theDirectoryIsOursToChangeInto() throws {
        let invocation = try Invocation(["-C", "sub", "build"])
        #expect(invocation.directory == "sub")
        #expect(invocation.cargoArguments == ["build"])
    }

    @Test(arguments: [
        (["build", "-Zbuild-std"], true), (["build", "-Z", "build-std=core"], true),
        (["build", "-Zunstable-options"], false),
    ])
    func buildingTheStandardLibraryIsSeen(arguments: [String], expected: Bool) throws {
        #expect(try Invocation(arguments).buildsStandardLibrary == expected)
    }

    @Test func offlineAndFrozenKeepTheNetworkOut() throws {
        #expect(try Invocation(["build", "--offline"]).isOffline)
        #expect(try Invocation(["build", "--frozen"]).isOffline)
        #expect(try !Invocation(["build", "--locked"]).isOffline)
    }
}
