// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import cross

@Suite struct InsideArgumentsTests {
    private static let triple = "aarch64-unknown-linux-gnu"

    @Test(arguments: [
        (["build"], ["build", "--target", triple]),
        (["build", "--target", "x"], ["build", "--target", "x"]),
        // The original takes --target-dir for a --target.
        (
            ["build", "--target-dir", "d"],
            ["build", "--target-dir", "/target", "--target", triple]
        ),
        (["build", "--target-dir=d"], ["build", "--target-dir=/target", "--target", triple]),
        (["run", "--", "--target", "x"], ["run", "--target", triple, "--", "--target", "x"]),
        (["run", "in.txt", "-v"], ["run", "--target", triple, "in.txt", "-v"]),
        (["metadata", "--target", "x", "--target=y"], ["metadata"]),
    ])
    func cargoGets(typed: [String], expected: [String]) throws {
        let arguments = InsideArguments(
            invocation: try Invocation(typed),
            target: try Target(Self.triple),
            buildStd: nil,
            doctests: false
        )
        #expect(arguments.list == expected)
    }

    @Test(arguments: [([], "-Zbuild-std"), (["core", "alloc"], "-Zbuild-std=core,alloc")])
    func theStandardLibraryIsBuiltOnRequest(crates: [String], expected: String) throws {
        let arguments = InsideArguments(
            invocation: try Invocation(["test", "--target", "x", "--", "a"]),
            target: try Target("x"),
            buildStd: crates,
            doctests: true
        )
        #expect(
            arguments.list
                == ["test", "--target", "x", "-Zdoctest-xcompile", expected, "--", "a"]
        )
    }
}
