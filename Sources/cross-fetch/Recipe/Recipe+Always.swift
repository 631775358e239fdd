// SPDX-License-Identifier: MIT OR Apache-2.0

import RootfsRecipe

extension Recipe {
    /// In every root filesystem beside the essential packages: what one installs more with.
    static let always = ["apt", "ca-certificates"]
}
