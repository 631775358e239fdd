// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCIStore
import RootfsRecipe

/// Why a recipe was not built.
enum RecipeError: Error {
    /// Nothing in the environment says where the store is.
    case noStore
    /// Standard input holds no request.
    case request(RequestError)
    /// Only a lock may be used, and there is none.
    case noLock
    /// Only a lock may be used, and this one is of another recipe.
    case outdatedLock
    /// The platform is none that the distribution has.
    case platform(Platform)
    /// The machine's package sources are of no use.
    case sources(AptSourcesError)
    case archive(ArchiveClientError)
    case resolution(ResolutionError)
    case package(PackageError)
    case system(SystemError)
    case wheel(WheelError)
    case store(StoreError)

    /// Whether the archive, or what is in it, is at fault.
    var isOfArchiveOrResolution: Bool {
        switch self {
        case .archive(let error): error.isOfArchive
        case .resolution: true
        default: false
        }
    }
}
