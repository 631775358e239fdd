// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// The manifests that are part of the program, and a directory whose files come before them.
struct ManifestLibrary {
    /// The user's own; files in it replace those of the same name.
    let directory: FilePath?

    /// The names of all manifests of targets, sorted.
    static var triples: [String] {
        EmbeddedManifests.texts.keys.filter { !$0.utf8.contains(UInt8(ascii: "/")) }.sorted()
    }

    /// The target that somebody meant who misspelled it, of those that there is something for.
    static func nearest(to target: Target) -> String? {
        guard let name = NearestName.of(target.triple, among: triples, within: 2),
            name != target.triple
        else { return nil }
        return name
    }

    /// One manifest with all that it inherits, placeholders and all.
    ///
    /// - Parameter name: a triple, or `families/` and a family.
    /// - Returns: `nil` where there is none of that name.
    /// - Throws: `ManifestError`.
    func document(_ name: String) throws(ManifestError) -> ManifestDocument? {
        try document(name, heirs: [])
    }

    private func document(
        _ name: String,
        heirs: [String]
    ) throws(ManifestError) -> ManifestDocument? {
        guard let (text, file) = try text(name) else { return nil }
        let entries: [String: TOML]
        do throws(TOMLSyntaxError) {
            entries = try TOML.document(text)
        } catch {
            throw .syntax(file, error)
        }
        var document = ManifestDocument(file: file)
        for family in try Self.families(entries["inherits"], file) {
            let name = "families/\(family)"
            guard !heirs.contains(name) else { throw .inheritsItself(file, family) }
            guard let inherited = try self.document(name, heirs: heirs + [name]) else {
                throw .noFamily(file, family)
            }
            document.add(inherited.entries)
        }
        document.add(entries.filter { $0.key != "inherits" })
        return document
    }

    private static func families(
        _ value: TOML?,
        _ file: FilePath
    ) throws(ManifestError) -> [String] {
        guard let value else { return [] }
        guard let families = value.strings else {
            throw .wrongType(file, key: "inherits", expected: "an array of strings")
        }
        return families
    }

    private func text(_ name: String) throws(ManifestError) -> (String, FilePath)? {
        let file = FilePath("\(name).toml")
        if let path = directory?.pushing(file) {
            do throws(TextFileError) {
                if let text = try TextFile.read(path) { return (text, path) }
            } catch {
                throw .unreadable(error)
            }
        }
        return EmbeddedManifests.texts[name].map {
            ($0, FilePath("rootfs-manifests").pushing(file))
        }
    }
}

/// What is wrong with a manifest.
enum ManifestError: Error, Equatable {
    case unreadable(TextFileError)
    case syntax(FilePath, TOMLSyntaxError)
    case noFamily(FilePath, String)
    case inheritsItself(FilePath, String)
    case unknownKey(FilePath, key: String)
    case missingKey(FilePath, key: String)
    case wrongType(FilePath, key: String, expected: String)
}
