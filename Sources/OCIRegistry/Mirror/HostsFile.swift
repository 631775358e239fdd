// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: containerd, "Registry Configuration", hosts.toml.

import Foundation
import OCIStore
import SystemPackage
import TOMLKit

/// What the `hosts.toml` of a registry says.
struct HostsFile: Decodable {
    struct Host: Decodable {
        var capabilities: [String]?
        var isPathWhole: Bool?
        var authorities: [String]

        enum CodingKeys: String, CodingKey {
            case capabilities, ca
            case isPathWhole = "override_path"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            capabilities = try values.decodeIfPresent([String].self, forKey: .capabilities)
            isPathWhole = try values.decodeIfPresent(Bool.self, forKey: .isPathWhole)
            // One file, or several.
            let one = try? values.decodeIfPresent(String.self, forKey: .ca)
            let several = try? values.decodeIfPresent([String].self, forKey: .ca)
            authorities = several ?? one.map { [$0] } ?? []
        }

        /// Whether tags and blobs may be asked for.
        var serves: Bool {
            guard let capabilities else { return true }
            return capabilities.contains("pull") && capabilities.contains("resolve")
        }
    }

    var server: String?
    var host: [String: Host]?

    /// Where it may be, the first that is there counts.
    static func files(for registry: String, environment: [String: String]) -> [FilePath] {
        let home = environment["HOME"].map { FilePath($0).appending(".config/containerd/certs.d") }
        let roots = (home.map { [$0] } ?? []) + ["/etc/containerd/certs.d", "/etc/docker/certs.d"]
        return [registry, "_default"].flatMap { name in
            roots.map { $0.appending(name).appending("hosts.toml") }
        }
    }

    /// What there is for a registry.
    struct Listing {
        /// In the order of the file.
        var hosts: [(url: String, host: Host)]
        /// The registry's own place, where it is not where its name says.
        var server: String?
    }

    /// Reads the file for a registry; `nil` where there is none.
    static func listing(
        for registry: String,
        environment: [String: String]
    ) throws(RegistryError) -> Listing? {
        for path in files(for: registry, environment: environment) {
            guard let text = try configurationText(path) else { continue }
            let file: HostsFile
            do {
                file = try TOMLDecoder().decode(HostsFile.self, from: text)
            } catch {
                throw .routesUnreadable(path, nil)
            }
            let named = (file.host ?? [:]).filter(\.value.serves)
            // A table of TOML has no order; containerd takes that of the text.
            let ordered = named.sorted { position($0.key, text) < position($1.key, text) }
            let directory = path.removingLastComponent()
            let hosts = ordered.map { url, host in
                var host = host
                host.authorities = host.authorities.map { directory.pushing(FilePath($0)).string }
                return (url: url, host: host)
            }
            return Listing(hosts: hosts, server: file.server)
        }
        return nil
    }

    private static func position(_ key: String, _ text: String) -> String.Index {
        text.range(of: "\"\(key)\"")?.lowerBound ?? text.endIndex
    }
}

/// What docker's daemon is configured with.
struct DaemonFile: Decodable {
    var mirrors: [String]?

    enum CodingKeys: String, CodingKey {
        case mirrors = "registry-mirrors"
    }

    /// The rootless daemon's, else the machine's.
    static func files(environment: [String: String]) -> [FilePath] {
        (environment["HOME"].map { [FilePath($0).appending(".config/docker/daemon.json")] } ?? [])
            + ["/etc/docker/daemon.json"]
    }

    /// Mirrors of Docker's own registry, as URLs.
    static func mirrors(environment: [String: String]) throws(RegistryError) -> [String] {
        for path in files(environment: environment) {
            guard let text = try configurationText(path) else { continue }
            guard let file = try? JSONDecoder().decode(DaemonFile.self, from: Data(text.utf8))
            else {
                throw .routesUnreadable(path, nil)
            }
            return file.mirrors ?? []
        }
        return []
    }
}
