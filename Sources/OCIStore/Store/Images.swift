// SPDX-License-Identifier: MIT OR Apache-2.0

extension Store {
    /// What was pulled under a reference.
    ///
    /// - Parameters:
    ///   - reference: where it has both tag and digest, the digest counts.
    ///   - platform: that was asked for.
    /// - Returns: the record; `nil` where nothing was pulled.
    /// - Throws: `StoreError.damaged` or `.system`.
    public func image(
        _ reference: ImageReference,
        platform: Platform
    ) throws(StoreError) -> ImageRecord? {
        let own: ImageRecord? = try document(
            at: try layout.image(reference, platform),
            isUse: !isReadOnly
        )
        if let own { return own }
        return try below { (store) throws(StoreError) in
            try store.image(reference, platform: platform)
        }
    }

    /// Remembers what was pulled under a reference, in place of what was before.
    ///
    /// - Parameters:
    ///   - image: what to remember; its root filesystem should be in the store.
    ///   - reference: where it has both tag and digest, the digest counts.
    ///   - platform: that was asked for.
    /// - Throws: `StoreError.invalidPlatform` or `.system`.
    public func record(
        _ image: ImageRecord,
        as reference: ImageReference,
        platform: Platform
    ) throws(StoreError) {
        try keep(image, at: try layout.image(reference, platform))
    }

    /// Lets a tag mean another image that was pulled.
    ///
    /// What it meant stays under its digest, for projects that are locked to that.
    ///
    /// - Parameters:
    ///   - reference: with a tag; of a digest nothing can change.
    ///   - platform: that was asked for.
    ///   - image: what it is to mean.
    /// - Throws: `StoreError.damaged`, `.invalidPlatform` or `.system`.
    public func move(
        _ reference: ImageReference,
        platform: Platform,
        to image: ImageRecord
    ) throws(StoreError) {
        let known = try self.image(reference, platform: platform)
        guard known != image else { return }
        if let known, known.manifest != image.manifest, !known.isBuiltHere,
            reference.digest == nil
        {
            try record(known, as: reference.pinned(to: known.manifest), platform: platform)
        }
        try record(image, as: reference, platform: platform)
    }
}
