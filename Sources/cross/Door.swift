// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Sandbox
import SystemPackage
import Trace

/// The way in: which program was called, and with what words it ends.
enum Door {
    /// Runs `cross`, or `cross-util` when called by that name or as `cross util`.
    ///
    /// - Returns: the exit status; 125 where `cross` itself failed, also at saying what it was asked.
    static func enter() -> Int32 {
        let status = enterNamed()
        guard status == 0, let errno = StandardOutput.failure else { return status }
        Console.standard.error("cannot write to standard output: \(errno)")
        return 125
    }

    private static func enterNamed() -> Int32 {
        let arguments = CommandLine.arguments
        let name = arguments.first.flatMap { FilePath($0).lastComponent?.string }
        let words = Array(arguments.dropFirst())
        if name == "cross-util" { return CrossUtil.enter(words) }
        if words.first == "util" { return CrossUtil.enter(Array(words.dropFirst())) }
        if words.first == "doctor" { return CrossUtil.enter(words) }
        return cross(words)
    }

    private static func cross(_ arguments: [String]) -> Int32 {
        var console = Console.standard
        do {
            try refuseForeignBytes()
            let invocation = try Invocation(arguments)
            let host = try Host.current().standing(in: invocation.directory)
            console = try invocation.console(host)
            if let errno = Trace.failure {
                console.warning("no trace is written: \(Errno(rawValue: errno))")
            }
            let cross = Cross(
                arguments: arguments,
                invocation: invocation,
                host: host,
                console: console
            )
            return try cross.run().code
        } catch {
            let explanation = Explanation(of: error)
            explanation.show(on: console)
            return explanation.status
        }
    }

    /// What is not UTF-8 would reach the program as something else.
    private static func refuseForeignBytes() throws(InvocationError) {
        for (index, argument) in ProcessEnvironment.rawArguments.enumerated()
        where String(validating: argument, as: UTF8.self) == nil {
            throw .notUTF8(index)
        }
    }
}
