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
        try document(at: try layout.image(reference, platform))
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
}
