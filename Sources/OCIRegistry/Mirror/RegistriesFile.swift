// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: containers-registries.conf(5), version 2.

import Download
import Foundation
import OCIStore
import SystemPackage
import TOMLKit

/// What `registries.conf` and the files beside it say.
struct RegistriesFile: Decodable {
    struct Mirror: Decodable {
        var location: String
        var insecure: Bool?
        /// `all`, `digest-only` or `tag-only`.
        var pull: String?

        enum CodingKeys: String, CodingKey {
            case location, insecure
            case pull = "pull-from-mirror"
        }
    }

    struct Registry: Decodable {
        var prefix: String?
        var location: String?
        var insecure: Bool?
        var blocked: Bool?
        var isByDigestOnly: Bool?
        var mirror: [Mirror]?

        enum CodingKeys: String, CodingKey {
            case prefix, location, insecure, blocked, mirror
            case isByDigestOnly = "mirror-by-digest-only"
        }

        /// What names must begin with.
        var key: String { prefix.flatMap { $0.isEmpty ? nil : $0 } ?? location ?? "" }
    }

    var registry: [Registry]?

    /// The files in the order in which they are read; what a later one says of a prefix counts.
    ///
    /// `$CONTAINERS_REGISTRIES_CONF` alone where it is set.
    static func files(environment: [String: String]) -> [FilePath] {
        if let named = environment["CONTAINERS_REGISTRIES_CONF"], !named.isEmpty {
            return [FilePath(named)]
        }
        let own =
            environment["XDG_CONFIG_HOME"].map { FilePath($0) }
            ?? environment["HOME"].map { FilePath($0).appending(".config") }
        let users = own?.appending("containers")
        let directories = [FilePath("/etc/containers")] + (users.map { [$0] } ?? [])
        let main =
            directories.last { exists($0.appending("registries.conf")) }
            ?? "/usr/share/containers"
        return [main.appending("registries.conf")]
            + directories.flatMap { dropIns(in: $0.appending("registries.conf.d")) }
    }

    /// The entries of all files, each prefix once.
    static func registries(environment: [String: String]) throws(RegistryError) -> [Registry] {
        var entries: [String: Registry] = [:]
        for file in files(environment: environment) {
            for entry in try read(file)?.registry ?? [] where !entry.key.isEmpty {
                entries[entry.key] = entry
            }
        }
        return Array(entries.values)
    }

    /// The entry that counts for a name: the one with the longest prefix.
    static func entry(for name: String, among entries: [Registry]) -> Registry? {
        entries.filter { covers($0.key, name) }.max { $0.key.utf8.count < $1.key.utf8.count }
    }

    /// Whether a name begins with a prefix, and that ends where a part of the name does.
    ///
    /// `*.example.org` is the prefix of all hosts below that domain.
    static func covers(_ prefix: String, _ name: String) -> Bool {
        let (prefix, name) = (Array(prefix.utf8), Array(name.utf8))
        if prefix.starts(with: "*.".utf8) {
            let host = name.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
            return host.count > prefix.count - 1 && host.suffix(prefix.count - 1) == prefix[1...]
        }
        guard name.starts(with: prefix) else { return false }
        return name.count == prefix.count || "/:@".utf8.contains(name[prefix.count])
    }

    private static func read(_ path: FilePath) throws(RegistryError) -> RegistriesFile? {
        guard let text = try configurationText(path) else { return nil }
        do {
            return try TOMLDecoder().decode(RegistriesFile.self, from: text)
        } catch {
            throw .routesUnreadable(path, nil)
        }
    }

    private static func dropIns(in directory: FilePath) -> [FilePath] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
        return names.filter { $0.hasSuffix(".conf") }.sorted().map { directory.appending($0) }
    }

    private static func exists(_ path: FilePath) -> Bool {
        FileManager.default.fileExists(atPath: path.string)
    }
}

/// The text of a configuration file; `nil` where there is none.
func configurationText(_ path: FilePath) throws(RegistryError) -> String? {
    do throws(Errno) {
        return String(decoding: try contents(of: path), as: UTF8.self)
    } catch .noSuchFileOrDirectory, .notDirectory {
        return nil
    } catch {
        throw .routesUnreadable(path, error)
    }
}
