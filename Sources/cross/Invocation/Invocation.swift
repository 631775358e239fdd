// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import SystemPackage

/// A command line in cargo's grammar: what `cross` must know of it, and what cargo gets.
struct Invocation: Equatable {
    /// `+toolchain`, without the plus sign.
    var channel: String?
    var subcommand: Subcommand?
    /// Everything before `programArguments`, in order, except `+toolchain` and `-C`.
    var cargoArguments: [String] = []
    /// From `--` on, and after `run` from the first word that is no option; not looked into.
    var programArguments: [String] = []
    /// The last `--target`.
    var target: String?
    var manifestPath: String?
    var targetDirectory: String?
    /// `-C`: where cargo goes before it does anything.
    var directory: String?
    /// The values of `--config`, each a file's path or a setting.
    var configurations: [FilePath] = []
    /// The options that change what a dependency graph looks like, as they were typed.
    var resolutionArguments: [String] = []
    /// `--offline` or `--frozen`: nothing may use the network.
    var isOffline = false
    /// `--locked` or `--frozen`: nothing that is locked may change.
    var isLocked = false
    /// `-Zbuild-std`: the toolchain needs no library for the target.
    var buildsStandardLibrary = false
    var isVersion = false
    var verbosity: Console.Verbosity?
    var colour: ColourChoice?

    /// Reads a command line.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Throws: `InvocationError`, where an option that `cross` itself must know has no usable value.
    init(_ arguments: [String]) throws(InvocationError) {
        var rest = arguments[...]
        if let first = rest.first, first.utf8.first == UInt8(ascii: "+") {
            channel = try required(String(first.dropFirst()), "+<TOOLCHAIN>")
            rest = rest.dropFirst()
        }
        while let argument = rest.popFirst() {
            if argument == "--" {
                programArguments = [argument] + rest
                break
            }
            if argument.isEmpty { continue }
            let option = CargoOption(argument)
            if option?.name == .subcommand, subcommand == .run {
                programArguments = [argument] + rest
                break
            }
            var words = [argument]
            if let option {
                if option.takesValue, option.value == nil, let value = rest.popFirst() {
                    words.append(value)
                }
                try apply(option.name, option.value ?? (words.count == 2 ? words[1] : nil))
                if CargoOption.resolution.contains(option.name) { resolutionArguments += words }
                if option.name == .directory { continue }
            }
            cargoArguments += words
        }
    }

    /// Whether `-vv` was given, or `-v` more than once.
    var isVeryVerbose: Bool {
        let words = cargoArguments.map { $0 == "--verbose" ? "-v" : $0 }
        return words.map { Self.isVerbose($0) ? $0.utf8.count - 1 : 0 }.reduce(0, +) > 1
    }

    private static func isVerbose(_ word: String) -> Bool {
        let letters = word.utf8.dropFirst()
        return word.utf8.first == UInt8(ascii: "-")
            && letters.allSatisfy { $0 == UInt8(ascii: "v") }
    }

    /// Whether programs that were built for the target are started.
    var runsTargetPrograms: Bool {
        subcommand?.runsTargetPrograms == true && !cargoArguments.contains("--no-run")
    }

    private mutating func apply(
        _ option: CargoOption.Name,
        _ value: String?
    ) throws(InvocationError) {
        switch option {
        case .subcommand: subcommand = subcommand ?? value.map(Subcommand.init)
        case .target: target = try required(value, "--target <TRIPLE>")
        case .manifestPath: manifestPath = try required(value, "--manifest-path <PATH>")
        case .targetDirectory: targetDirectory = try required(value, "--target-dir <DIRECTORY>")
        case .directory: directory = try required(value, "-C <DIRECTORY>")
        case .colour:
            let word = try required(value, "--color <WHEN>")
            guard let choice = ColourChoice(rawValue: word) else { throw .invalidColour(word) }
            colour = choice
        case .verbose: verbosity = try verbosity(.verbose)
        case .quiet: verbosity = try verbosity(.quiet)
        case .offline: isOffline = true
        case .locked: isLocked = true
        case .frozen:
            isOffline = true
            isLocked = true
        case .version: isVersion = true
        case .list: subcommand = subcommand ?? .list
        case .unstable: buildsStandardLibrary = buildsStandardLibrary || isBuildStd(value)
        case .configuration: configurations += value.map { [FilePath($0)] } ?? []
        case .features, .allFeatures, .noDefaultFeatures, .valued: break
        }
    }

    private func isBuildStd(_ value: String?) -> Bool {
        value?.split(separator: "=").first == "build-std"
    }

    private func required(
        _ value: String?,
        _ usage: String
    ) throws(InvocationError) -> String {
        guard let value, !value.isEmpty else { throw .missingValue(usage) }
        return value
    }

    private func verbosity(
        _ wanted: Console.Verbosity
    ) throws(InvocationError) -> Console.Verbosity {
        guard verbosity == nil || verbosity == wanted else { throw .verboseAndQuiet }
        return wanted
    }
}

/// What is wrong with a command line.
enum InvocationError: Error, Equatable {
    case missingValue(_ usage: String)
    case invalidColour(String)
    case verboseAndQuiet
    case notUTF8(_ position: Int)
    /// A variable of cargo's has a value that cargo takes no sense from either.
    case invalidVariable(String, value: String, expected: String)
}
