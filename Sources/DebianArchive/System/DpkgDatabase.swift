// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: dpkg, doc/triggers.txt; dpkg(1), "FILES"; deb-triggers(5).

/// dpkg's database of packages that are installed and configured.
enum DpkgDatabase {
    private static let directory = "var/lib/dpkg"

    static func apply(
        to layer: inout SystemLayer,
        _ configuration: SystemConfiguration
    ) throws(SystemError) {
        var status: [UInt8] = []
        for package in configuration.installed {
            let path = "\(directory)/status.d/\(package.name):\(package.architecture)"
            guard let paragraph = try layer.content(path) else {
                throw .file("/\(path)", .missing)
            }
            status += paragraph + "\n".utf8
        }
        layer.write(status, to: "\(directory)/status")
        layer.remove("\(directory)/status.d")
        forgetAdditions(configuration, &layer)
        let architectures = [configuration.architecture] + configuration.foreignArchitectures
        layer.write(architectures.map { "\($0)\n" }.joined(), to: "\(directory)/arch")
        layer.write("1\n", to: "\(directory)/info/format")
        layer.write("", to: "\(directory)/diversions")
        for name in ["lock", "lock-frontend"] {
            layer.write("", to: "\(directory)/\(name)", mode: 0o640)
        }
        try triggers(configuration, &layer)
        if layer.has("etc/dpkg/dpkg.cfg.d") || layer.has("etc/dpkg") {
            layer.write(PathFilter.configuration, to: "etc/dpkg/dpkg.cfg.d/cross")
        }
    }

    /// Removes the files of packages that dpkg is not to know.
    private static func forgetAdditions(
        _ configuration: SystemConfiguration,
        _ layer: inout SystemLayer
    ) {
        let additions = configuration.packages.filter(\.isAddition)
        guard !additions.isEmpty else { return }
        let prefixes = additions.flatMap { ["\($0.name).", "\($0.name):\($0.architecture)."] }
        for name in layer.names(in: "\(directory)/info")
        where prefixes.contains(where: name.hasPrefix) {
            layer.remove("\(directory)/info/\(name)")
        }
    }

    /// Which packages want to hear of which files and events.
    private static func triggers(
        _ configuration: SystemConfiguration,
        _ layer: inout SystemLayer
    ) throws(SystemError) {
        var files: [String] = []
        var events: [String: [String]] = [:]
        for name in layer.names(in: "\(directory)/info") where name.hasSuffix(".triggers") {
            let package = String(name.dropLast(".triggers".count))
            guard configuration.installed.contains(where: { package == $0.databaseName(in: layer) })
            else { continue }
            let text = String(
                decoding: try layer.content("\(directory)/info/\(name)") ?? [],
                as: UTF8.self
            )
            for line in text.split(separator: "\n") {
                let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
                guard words.count == 2, let suffix = interests[String(words[0])] else { continue }
                if words[1].hasPrefix("/") {
                    files.append("\(words[1]) \(package)\(suffix)\n")
                } else if isEvent(words[1]) {
                    events[String(words[1]), default: []].append("\(package)\(suffix)\n")
                }
            }
        }
        layer.write(files.joined(), to: "\(directory)/triggers/File")
        layer.write("", to: "\(directory)/triggers/Unincorp")
        layer.write("", to: "\(directory)/triggers/Lock", mode: 0o600)
        for (event, packages) in events {
            layer.write(packages.joined(), to: "\(directory)/triggers/\(event)")
        }
    }

    private static let interests = [
        "interest": "", "interest-await": "", "interest-noawait": "/noawait",
    ]

    /// The name of an event becomes that of a file.
    private static func isEvent(_ name: Substring) -> Bool {
        name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
            && name.first?.isLowercase == true
    }
}

extension SystemConfiguration {
    /// The packages that dpkg knows, in the order of its database.
    var installed: [Package] {
        packages.filter { !$0.isAddition }.sorted {
            $0.name == $1.name
                ? $0.architecture.utf8.lexicographicallyPrecedes($1.architecture.utf8)
                : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
    }
}

extension SystemConfiguration.Package {
    /// What its files in the database are called, up to the dot.
    fileprivate func databaseName(in layer: SystemLayer) -> String {
        let qualified = "\(name):\(architecture)"
        return layer.has("var/lib/dpkg/info/\(qualified).list") ? qualified : name
    }
}
