// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import SystemPackage

/// The sources of a machine that are Debian's own, or a mirror's.
///
/// Others name their suites after Debian's releases, too. So a source counts where its addresses are
/// below `debian.org`, or where it has the component `main` and its keyring is Debian's by name or,
/// without any keyring, its address ends like a mirror's.
struct DebianSources {
    private let sources: AptSources?
    private let etc: FilePath
    private let distributed: [FilePath]

    init(_ sources: AptSources?, etc: FilePath, distributed: [FilePath]) {
        self.sources = sources
        self.etc = etc
        self.distributed = distributed
    }

    private struct Candidate {
        var uri: String
        var keys: SigningKeys?
        /// Whether host or keyring are Debian's.
        var isCertain: Bool
    }

    func location(
        _ archive: Archive,
        keys: SigningKeys?
    ) throws(AptSourcesError) -> ArchiveLocations.Location {
        let candidates = candidates(archive)
        let bases = unique(candidates.compactMap { ArchiveBase($0.uri) })
        guard !bases.isEmpty else {
            guard !candidates.isEmpty else { throw .noSources(archive, etc: etc) }
            let schemes = candidates.compactMap { ArchiveBase.split($0.uri)?.scheme }
            throw .unsupportedSchemes(Array(Set(schemes)).sorted(), archive)
        }
        return ArchiveLocations.Location(bases: bases, keys: keys ?? self.keys(archive))
    }

    func security(
        beside debian: ArchiveLocations.Location,
        keys: SigningKeys?
    ) throws(AptSourcesError) -> ArchiveLocations.Location {
        do throws(AptSourcesError) {
            return try location(.security, keys: keys)
        } catch .noSources {
            let bases = debian.bases.compactMap {
                $0.sibling(named: "debian-security", insteadOf: "debian")
            }
            guard !bases.isEmpty else { throw .noSources(.security, etc: etc) }
            return ArchiveLocations.Location(bases: bases, keys: debian.keys)
        }
    }

    /// The keys that the sources of an archive name, else apt's own and the distribution's.
    func keys(_ archive: Archive) -> SigningKeys {
        var keys = SigningKeys(keyrings: [])
        for signedBy in candidates(archive).compactMap(\.keys) {
            keys.keyrings = unique(keys.keyrings + signedBy.keyrings)
            keys.fingerprints = unique(keys.fingerprints + signedBy.fingerprints)
        }
        guard keys.keyrings.isEmpty else { return keys }
        let installed = distributed.filter {
            (try? OwnedDescriptor(opening: $0, 0).raw) != nil
        }
        let paths = (sources?.keyrings ?? []) + installed
        // Where nothing is installed, the usual path is what a user is told to get.
        keys.keyrings = (paths.isEmpty ? Array(distributed.suffix(1)) : paths).map { .file($0) }
        return keys
    }

    private func candidates(_ archive: Archive) -> [Candidate] {
        var candidates: [Candidate] = []
        for source in sources?.sources ?? [] where source.components.contains("main") {
            let archives = source.suites.compactMap { Suite.debian($0)?.archive }
            guard archives.contains(archive), archives.count == source.suites.count else {
                continue
            }
            for uri in source.uris {
                guard let isCertain = isDebian(uri, source.signedBy, archive) else { continue }
                candidates.append(
                    Candidate(uri: uri, keys: source.signedBy, isCertain: isCertain)
                )
            }
        }
        let certain = candidates.filter(\.isCertain)
        return certain.isEmpty ? candidates : certain
    }

    /// Whether a source is certainly Debian's (true), by its looks (false), or not at all.
    private func isDebian(_ uri: String, _ keys: SigningKeys?, _ archive: Archive) -> Bool? {
        let base = ArchiveBase(uri)
        let host = base?.host.prefix { $0 != ":" } ?? ""
        if host == "debian.org" || host.hasSuffix(".debian.org") { return true }
        let names = (keys?.keyrings ?? []).compactMap(Self.name)
        if !names.isEmpty { return names.allSatisfy { $0.contains("debian") } ? true : nil }
        let path = base?.path ?? String(uri.drop { $0 != ":" })
        return Self.looksLikeMirror(path, archive) ? false : nil
    }

    /// The name of a keyring; a key in the sources themselves does not say whose it is.
    private static func name(_ keyring: SigningKeys.Keyring) -> String? {
        guard case .file(let path) = keyring else { return nil }
        return path.lastComponent?.string ?? ""
    }

    /// Whether a path ends in the archive's name, perhaps with a time after it, as a snapshot's does.
    private static func looksLikeMirror(_ path: String, _ archive: Archive) -> Bool {
        var components = path.split(separator: "/")
        if components.last?.first?.isNumber == true { components.removeLast() }
        guard let last = components.last else { return false }
        return last == archive.rawValue || (archive == .security && last == "debian")
    }
}

/// The elements without those that came before.
private func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
}
