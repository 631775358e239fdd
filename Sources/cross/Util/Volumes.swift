// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console

/// `cross-util volumes`: an engine elsewhere would keep them, so there are none.
struct Volumes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says that there are no volumes: builds work on this machine's own files."
    )

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []

    mutating func run() throws { try Absence(things: "volumes").answer(words) }
}

/// `cross-util containers`: each ends with its build, so there are none.
struct Containers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says that there are no containers: a sandbox ends with what runs in it."
    )

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []

    mutating func run() throws { try Absence(things: "containers").answer(words) }
}

/// The answer about things that a container engine would keep.
private struct Absence {
    let things: String

    /// What lists or removes them has nothing to do; what makes one cannot.
    func answer(_ words: [String]) throws {
        let verbs = ["list", "remove-all", "prune"]
        guard words.first.map(verbs.contains) ?? true else {
            throw ValidationError("There are no \(things), as no container engine is run.")
        }
        Console.standard.note("there are no \(things), as no container engine is run")
    }
}
