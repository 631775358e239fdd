// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, how `cross-util images` finds the target of an image.

import OCIStore

/// The images of a store, and which target each is for.
struct TargetImages {
    let images: [StoredImage]
    private let targets: [String]

    /// The images for some targets, or all.
    ///
    /// - Throws: `StoreError`.
    init(_ store: Store, _ targets: [String]) throws(StoreError) {
        self.targets = targets
        images = try store.images().filter { image in
            targets.isEmpty || Self.target(of: image).map(targets.contains) ?? false
        }
    }

    /// Whether it was built here rather than pulled.
    static func isLocal(_ image: StoredImage) -> Bool { image.reference.registry == "localhost" }

    /// The target that an image is for: its label, else what its name says.
    static func target(of image: StoredImage) -> String? {
        let labels = image.record.configuration.labels
        return labels["org.cross-rs.for-cross-target"]
            ?? target(
                named: "\(image.reference.registry)/\(image.reference.repository)",
                tag: image.reference.tag
            )
    }

    /// The target that a name speaks of.
    ///
    /// - Parameters:
    ///   - name: registry and repository; `ghcr.io/cross-rs/<target>`, or an older or a built one.
    ///   - tag: of the older names, whose tag begins with the target.
    /// - Returns: a triple; `nil` where the name speaks of none.
    static func target(named name: String, tag: String?) -> String? {
        let published = "\(ImageName.repository)/"
        if name.hasPrefix(published) { return String(name.dropFirst(published.count)) }
        guard name.hasSuffix("rustembedded/cross") || name.contains("cross-rs/cross-custom-")
        else { return nil }
        // The longest name that the tag begins with: some triples begin with another.
        return ManifestLibrary.triples.filter { tag?.hasPrefix($0) ?? false }
            .max { $0.utf8.count < $1.utf8.count }
    }

    /// A table, or the bare names of one target's images.
    var table: String {
        let rows = images.map { (Self.target(of: $0) ?? "-", "\($0.reference)") }
        if targets.count == 1 { return rows.map(\.1).joined(separator: "\n") }
        let all = [("TARGET", "IMAGE")] + rows
        let width = all.map(\.0.utf8.count).max() ?? 0
        return all.map { target, name in
            target + String(repeating: " ", count: width - target.utf8.count + 2) + name
        }.joined(separator: "\n")
    }

    /// An object of arrays by target, as cross-rs writes it.
    func json() throws -> String {
        var facts: [String: [Fact]] = [:]
        for image in images { facts[Self.target(of: image) ?? "", default: []].append(Fact(image)) }
        return try String(json: facts)
    }

    private struct Fact: Encodable {
        let repository: String
        let tag: String
        let id: String

        init(_ image: StoredImage) {
            repository = "\(image.reference.registry)/\(image.reference.repository)"
            tag = image.reference.tag ?? image.reference.digest?.description ?? ""
            id = image.record.configurationDigest.description
        }
    }
}
