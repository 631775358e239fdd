// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, "pre-build".

import SystemPackage

/// `pre-build`: what is done to the root filesystem before anything is built in it.
enum PreBuild: Equatable {
    /// An executable file of the project's, which gets the target's triple.
    case script(FilePath)
    /// Lines for a shell, at least one.
    case lines([String])
}

/// `pre-build` as it is written.
enum PreBuildSetting: Equatable {
    /// A script's path or, where there is no such file, what a shell is to do.
    case text(String)
    /// Lines for a shell; none switches off what another section says.
    case lines([String])

    /// Reads the value of the key.
    init?(toml: TOML) {
        if let text = toml.string {
            self = .text(text)
        } else if let lines = toml.strings {
            self = .lines(lines)
        } else {
            return nil
        }
    }

    /// Reads the value of an environment variable: lines, never a script.
    init(variable: String) {
        let lines = variable.split(separator: "\n").map(String.init)
        self = .lines(lines)
    }

    /// What is to be done.
    ///
    /// - Parameter directories: where a relative path may lead, the first one first.
    /// - Returns: `nil` where that is nothing.
    func resolved(in directories: [FilePath]) -> PreBuild? {
        switch self {
        case .lines(let lines): return lines.isEmpty ? nil : .lines(lines)
        case .text(let text):
            guard !text.isEmpty else { return nil }
            guard !text.utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == 0 }) else {
                return .lines(text.split(separator: "\n").map(String.init))
            }
            let script = directories.lazy
                .map { $0.pushing(FilePath(text)).lexicallyNormalized() }
                .first(where: \.isRegularFile)
            return script.map(PreBuild.script) ?? .lines([text])
        }
    }
}
