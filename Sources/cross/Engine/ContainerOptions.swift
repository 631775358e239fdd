// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/environment_variables.md, `CROSS_CONTAINER_OPTS`; docker-run(1).

import Sandbox
import SystemPackage

/// The options of a container engine that mean something without one.
struct ContainerOptions: Equatable {
    private(set) var mounts: [Mount] = []
    /// `NAME` as it is outside, or `NAME=VALUE`, in order.
    private(set) var environment: [String] = []
    private(set) var workingDirectory: FilePath?
    private(set) var isWithoutNetwork = false

    /// Reads `CROSS_CONTAINER_OPTS`, else the older `DOCKER_OPTS`.
    ///
    /// - Throws: `ContainerOptionsError`; `.unsupported` for whatever is not one of the few.
    init(_ host: Host) throws(ContainerOptionsError) {
        let variable = EngineVariables.options(host)
        guard let words = ShellWords.split(variable) else { throw .unbalanced(variable) }
        var rest = words[...]
        while let word = rest.popFirst() {
            let (option, attached) = try Self.option(word)
            guard let value = attached ?? rest.popFirst() else { throw .missingValue(word) }
            try apply(option, value, host)
        }
    }

    private enum Option: String {
        case volume = "--volume"
        case mount = "--mount"
        case environment = "--env"
        case environmentFile = "--env-file"
        case workingDirectory = "--workdir"
        case network = "--network"
    }

    private static let short: [String: Option] = [
        "-v": .volume, "-e": .environment, "-w": .workingDirectory,
    ]

    /// An option, and its value where it is part of the word.
    private static func option(
        _ word: String
    ) throws(ContainerOptionsError) -> (Option, String?) {
        if !word.hasPrefix("--"), let option = short[String(word.prefix(2))] {
            let value = word.dropFirst(2)
            return (option, value.isEmpty ? nil : String(value.trimmingPrefix("=")))
        }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0] == "--net" ? "--network" : String(parts[0])
        guard let option = Option(rawValue: name) else { throw .unsupported(String(parts[0])) }
        return (option, parts.dropFirst().first.map(String.init))
    }

    private mutating func apply(
        _ option: Option,
        _ value: String,
        _ host: Host
    ) throws(ContainerOptionsError) {
        switch option {
        case .volume: mounts.append(try ContainerMount.volume(value, host))
        case .mount: mounts.append(try ContainerMount.mount(value, host))
        case .environment: environment.append(value)
        case .environmentFile: environment += try Self.lines(of: host.absolute(FilePath(value)))
        case .workingDirectory:
            let path = FilePath(value)
            guard path.isAbsolute else { throw .invalidValue(option.rawValue, value) }
            workingDirectory = path.lexicallyNormalized()
        case .network:
            guard value == "host" || value == "none" else {
                throw .invalidValue(option.rawValue, value)
            }
            isWithoutNetwork = value == "none"
        }
    }

    private static func lines(of file: FilePath) throws(ContainerOptionsError) -> [String] {
        let text: String?
        do throws(TextFileError) {
            text = try TextFile.read(file)
        } catch {
            throw .unreadable(error)
        }
        guard let text else { throw .noSuchFile(file) }
        return text.split(whereSeparator: \.isNewline)
            .map { String($0.trimmingPrefix(while: \.isWhitespace)) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }
}

/// What is wrong with `CROSS_CONTAINER_OPTS`.
enum ContainerOptionsError: Error, Equatable {
    case unbalanced(String)
    case unsupported(_ option: String)
    case missingValue(_ option: String)
    case invalidValue(_ option: String, String)
    case namedVolume(String)
    case noSuchFile(FilePath)
    case unreadable(TextFileError)
}
