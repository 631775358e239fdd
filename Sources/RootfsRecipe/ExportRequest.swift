// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What of a store is to be written for others to read.
public struct ExportRequest: Hashable, Codable, Sendable {
    /// A stack of layers, as an image.
    public struct Image: Hashable, Codable, Sendable {
        /// What it is called; `nil` where it is only part of a bundle.
        public var name: String?
        /// What its programs run on.
        public var platform: Platform
        /// How its programs are run.
        public var configuration: ImageConfiguration
        /// From the bottom up.
        public var layers: [Digest]
        /// What it is made of, where that is a recipe.
        public var recipe: RecipeLock?
        /// The step that has made its topmost layers.
        public var step: StepRecord.Origin?

        /// An image of the given parts.
        ///
        /// - Parameters:
        ///   - name: with a tag or a digest.
        ///   - platform: of its programs.
        ///   - configuration: how they are run.
        ///   - layers: from the bottom up.
        ///   - recipe: what it is made of.
        ///   - step: what made its topmost layers.
        public init(
            name: String?,
            platform: Platform,
            configuration: ImageConfiguration,
            layers: [Digest],
            recipe: RecipeLock? = nil,
            step: StepRecord.Origin? = nil
        ) {
            self.name = name
            self.platform = platform
            self.configuration = configuration
            self.layers = layers
            self.recipe = recipe
            self.step = step
        }
    }

    /// In this order.
    public var images: [Image]
    /// Whether layers stay apart that only this program tells apart: those of packages, which images
    /// of several targets share, but which are more than engines take.
    public var keepsPackagesApart: Bool

    /// A request for the given images.
    ///
    /// - Parameters:
    ///   - images: in their order.
    ///   - keepsPackagesApart: whether packages' layers are blobs of their own.
    public init(images: [Image], keepsPackagesApart: Bool = false) {
        self.images = images
        self.keepsPackagesApart = keepsPackagesApart
    }
}
