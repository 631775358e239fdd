// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: update-alternatives(1); dpkg, utils/update-alternatives.c (`alternative_save`).

import OCIStore

/// Commands that several packages have, each under a name of its own, and the links between.
enum Alternatives {
    private static let registry = "var/lib/dpkg/alternatives"
    private static let directory = "etc/alternatives"

    static func apply(
        to layer: inout SystemLayer,
        _ packages: [SystemConfiguration.Package]
    ) throws(SystemError) {
        var groups: [String: AlternativeGroup] = [:]
        for package in packages {
            for choice in try choices(of: package, layer) where isThere(choice.path, layer) {
                groups[choice.name, default: AlternativeGroup(link: choice.link)].add(choice)
            }
        }
        for (name, group) in groups {
            layer.write(group.record, to: "\(registry)/\(name)")
            guard let best = group.best else { continue }
            link(name, at: best.link, to: best.path, &layer)
            for slave in best.slaves where isThere(slave.path, layer) {
                link(slave.name, at: slave.link, to: slave.path, &layer)
            }
        }
    }

    private static func choices(
        of package: SystemConfiguration.Package,
        _ layer: SystemLayer
    ) throws(SystemError) -> [Alternative] {
        let info = "var/lib/dpkg/info"
        let names = [
            "\(package.name).postinst", "\(package.name):\(package.architecture).postinst",
        ]
        var script: [UInt8] = []
        for name in names { script += try layer.content("\(info)/\(name)") ?? [] }
        return AlternativeCommand.alternatives(in: String(decoding: script, as: UTF8.self))
            + (AlternativeTable.byPackage[package.name] ?? [])
    }

    private static func link(
        _ name: String,
        at place: String,
        to path: String,
        _ layer: inout SystemLayer
    ) {
        layer.link("\(directory)/\(name)", to: path)
        guard let place = resolved(place) else { return }
        // What a package has there itself is not replaced.
        switch layer.kind(place, following: false) {
        case nil, .symbolicLink: layer.link(place, to: "/\(directory)/\(name)")
        default: break
        }
    }

    private static func isThere(_ path: String, _ layer: SystemLayer) -> Bool {
        resolved(path).flatMap { layer.kind($0) } != nil
    }

    /// Below the root, where the tree really has it.
    private static func resolved(_ path: String) -> String? {
        guard let path = try? LayerPath(path.utf8) else { return nil }
        return String(
            decoding: MergedUsr.resolved(path, isDirectory: false).bytes,
            as: UTF8.self
        )
    }
}

/// One package's offer for a command.
struct Alternative: Hashable {
    /// Something else that is linked together with the command.
    struct Slave: Hashable {
        let link: String
        let name: String
        let path: String
    }

    let link: String
    let name: String
    let path: String
    let priority: Int
    var slaves: [Slave] = []
}

/// All offers for a command.
struct AlternativeGroup {
    private let link: String
    private var choices: [Alternative] = []

    init(link: String) {
        self.link = link
    }

    /// Adds an offer; of two for the same path the later one counts.
    mutating func add(_ choice: Alternative) {
        choices.removeAll { $0.path == choice.path }
        choices.append(choice)
        choices.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The offer of the highest priority.
    var best: Alternative? {
        choices.reduce(nil) { best, choice in
            guard let best, best.priority >= choice.priority else { return choice }
            return best
        }
    }

    /// The group as update-alternatives keeps it.
    var record: String {
        let slaves = Dictionary(
            choices.flatMap(\.slaves).map { ($0.name, $0.link) },
            uniquingKeysWith: { first, _ in first }
        ).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var lines = ["auto", link] + slaves.flatMap { [$0.key, $0.value] } + [""]
        for choice in choices {
            lines += [choice.path, "\(choice.priority)"]
            lines += slaves.map { slave in
                choice.slaves.first { $0.name == slave.key }?.path ?? ""
            }
        }
        return (lines + [""]).map { "\($0)\n" }.joined()
    }
}
