// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCILayer
import OCIRegistry

/// What the user's environment says of how strangers are dealt with.
///
/// It is in no file that a project could bring along.
struct PullSettings: Hashable {
    /// `CROSS_TOKEN_SERVERS`: token servers elsewhere, by registry.
    var tokenServers: [String: String] = [:]
    /// `CROSS_LIMITS`, as far as it is about registries.
    var registry = RegistryLimits()
    /// `CROSS_LIMITS`, as far as it is about layers.
    var layer = LayerLimits()

    /// Reads the environment.
    ///
    /// - Throws: `PullError.setting`, also for a limit that is lower than the program's own: a limit that
    ///   is too low for real images would only look like a broken one.
    init(environment: [String: String]) throws(PullError) {
        for (name, value) in try Self.pairs("CROSS_TOKEN_SERVERS", environment) {
            tokenServers[name] = value
        }
        for (name, value) in try Self.pairs("CROSS_LIMITS", environment) {
            guard let number = Self.number(value), raise(name, to: number) else {
                throw .setting("CROSS_LIMITS", "\(name)=\(value)")
            }
        }
    }

    private mutating func raise(_ name: String, to value: Int64) -> Bool {
        switch name {
        case "layer-bytes": Self.raise(&layer.bytes, to: value)
        case "layer-entries": Self.raise(&layer.entries, to: Int(value))
        case "layer-ratio": Self.raise(&layer.ratio, to: value)
        case "layer-attributes": Self.raise(&layer.attributes, to: Int(value))
        case "manifest": Self.raise(&registry.manifest, to: Int(value))
        case "configuration": Self.raise(&registry.configuration, to: Int(value))
        case "token": Self.raise(&registry.token, to: Int(value))
        case "headers": Self.raise(&registry.headers.bytes, to: Int(value))
        default: false
        }
    }

    private static func raise<Number: Comparable>(_ limit: inout Number, to value: Number) -> Bool {
        guard value >= limit else { return false }
        limit = value
        return true
    }

    /// `name=value`, separated by spaces or commas.
    private static func pairs(
        _ variable: String,
        _ environment: [String: String]
    ) throws(PullError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for word in (environment[variable] ?? "").split(whereSeparator: { " ,".contains($0) }) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw .setting(variable, String(word))
            }
            pairs.append((String(parts[0]), String(parts[1])))
        }
        return pairs
    }

    /// Digits, and `K`, `M`, `G` or `T` for powers of 1024.
    private static func number(_ text: String) -> Int64? {
        let powers: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        let power = text.last.flatMap { powers[$0] }
        let digits = power == nil ? text : String(text.dropLast())
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits)
        else { return nil }
        let (value, overflow) = number.multipliedReportingOverflow(by: 1 << (power ?? 0))
        return overflow ? nil : value
    }
}
