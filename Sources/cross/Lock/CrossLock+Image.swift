// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

extension CrossLock {
    /// What a reference stands for.
    struct Image: Equatable {
        /// With a tag: a digest needs no lock.
        let reference: ImageReference
        /// As `os/architecture`, or with a variant.
        let platform: String
        /// The targets that are built in it, sorted.
        var targets: [String]
        var lock: ImageLock
    }

    /// What a reference is locked to, and for which targets.
    func image(_ reference: ImageReference, _ platform: String) -> Image? {
        images.first { $0.reference == reference && $0.platform == platform }
    }

    /// The images that a target is built in.
    func images(of target: String, _ platform: String) -> [Image] {
        images.filter { $0.targets.contains(target) && $0.platform == platform }
    }

    /// Locks a reference, for a target beside those that it is locked for already.
    mutating func set(
        _ lock: ImageLock,
        of reference: ImageReference,
        _ platform: String,
        for target: String
    ) {
        let known = image(reference, platform)
        let targets = Set(known?.targets ?? []).union([target]).sorted()
        images.removeAll { $0.reference == reference && $0.platform == platform }
        images.append(
            Image(reference: reference, platform: platform, targets: targets, lock: lock)
        )
        images.sort {
            ($0.reference.description, $0.platform) < ($1.reference.description, $1.platform)
        }
    }

    /// Forgets which other images a target was built in, and those that no target is built in.
    mutating func keepOnly(_ reference: ImageReference, _ platform: String, of target: String) {
        for index in images.indices
        where images[index].reference != reference && images[index].platform == platform {
            images[index].targets.removeAll { $0 == target }
        }
        images.removeAll(where: \.targets.isEmpty)
    }
}

extension CrossLock.Image {
    /// What the file says of it.
    var lines: [String] {
        let fields = [
            ("reference", reference.description), ("platform", platform),
            ("index", lock.index?.description), ("manifest", lock.manifest.description),
            ("configuration", lock.configuration.description),
            ("settings", lock.settings.description),
        ]
        let quoted = fields.compactMap { key, value in
            value.map { "\(key) = \(CrossLock.quoted($0))" }
        }
        return quoted + CrossLock.array("targets", targets)
            + CrossLock.array("diff-ids", lock.diffIDs.map(\.description))
    }

    /// Reads a table; `nil` where something is missing or not what it must be.
    init?(_ table: [String: TOML]) {
        func digest(_ key: String) -> Digest? {
            table[key]?.string.flatMap { try? Digest($0) }
        }
        guard let reference = table["reference"]?.string.flatMap({ try? ImageReference($0) }),
            let platform = table["platform"]?.string, let targets = table["targets"]?.strings,
            let manifest = digest("manifest"), let configuration = digest("configuration"),
            let settings = digest("settings"), let layers = table["diff-ids"]?.strings
        else { return nil }
        let index = digest("index")
        let diffIDs = layers.compactMap { try? Digest($0) }
        guard diffIDs.count == layers.count, !diffIDs.isEmpty,
            index != nil || table["index"] == nil
        else { return nil }
        self.init(
            reference: reference,
            platform: platform,
            targets: targets,
            lock: ImageLock(
                index: index,
                manifest: manifest,
                configuration: configuration,
                settings: settings,
                diffIDs: diffIDs
            )
        )
    }
}
