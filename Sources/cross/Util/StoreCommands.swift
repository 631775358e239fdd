// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore

/// `cross-util store`: what is in the store, and whether it is as it was written.
struct StoreCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measures, lists, prunes, empties, checks or repairs the store.",
        subcommands: [
            DiskUsage.self, List.self, Prune.self, Clear.self, Verify.self, Repair.self,
        ]
    )

    /// `cross-util store prune`.
    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Removes what nothing stands for any more; with --keep, first forgets what no build used."
        )

        @Option(help: "Forget what no build has used for so long, such as 30d, 12h or 90m.")
        var keep: Age?

        @OptionGroup var speech: SpeechOptions

        mutating func run() throws {
            let host = try Host.current()
            let console = speech.console(host)
            let store = try Store.ofUser(host)
            if let keep {
                for record in try store.forget(unusedFor: keep.seconds) {
                    console.status("Forgot", StoreListing.name(of: record, in: store))
                }
            }
            try store.prune(console)
        }
    }

    /// `cross-util store clear`.
    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Empties the store at once, images that were built here included, but for what runs."
        )

        @OptionGroup var speech: SpeechOptions

        mutating func run() throws {
            let host = try Host.current()
            let store = try Store.ofUser(host)
            try store.forgetAll()
            try store.prune(speech.console(host))
        }
    }
}

/// A span of time as people write it: a number and `d`, `h`, `m` or `s`.
struct Age: ExpressibleByArgument, Equatable {
    let seconds: Int64

    init?(argument: String) {
        let units: [Character: Int64] = ["d": 86400, "h": 3600, "m": 60, "s": 1]
        guard let letter = argument.last, let unit = units[letter],
            let number = Int64(argument.dropLast()), number >= 0
        else { return nil }
        let (seconds, isTooLong) = number.multipliedReportingOverflow(by: unit)
        guard !isTooLong else { return nil }
        self.seconds = seconds
    }
}
