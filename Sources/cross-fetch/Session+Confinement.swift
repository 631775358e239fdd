// SPDX-License-Identifier: MIT OR Apache-2.0

import Confinement
import OCIRegistry
import OCIStore
import RootfsRecipe
import SystemPackage

extension Session {
    /// What a command may touch, but for what it is about.
    static func ground(_ manner: Fetch.Manner, _ environment: [String: String]) -> Ground {
        Ground(store: store(manner, environment), environment: environment)
    }

    /// Sees to what a command that fills the store cannot do without.
    ///
    /// Once confined, this process may not make a store, and could not say why there is none.
    static func begin(
        _ manner: Fetch.Manner,
        _ environment: [String: String]
    ) throws(StartError) {
        try OpenFiles.allow()
        guard let path = store(manner, environment) else { return }
        _ = try wording(StartError.store) { () throws(StoreError) in try Store(at: path) }
    }

    /// Confines what speaks to a registry; before, it starts whom it has to ask for credentials.
    static func confine(
        _ reference: ImageReference,
        _ manner: Fetch.Manner,
        _ environment: [String: String]
    ) -> HelperProcess? {
        var ground = ground(manner, environment)
        ground.add(reference)
        ground.addLowerStores()
        let helper =
            RegistryFiles.nameHelpers(environment: environment)
            ? store(manner, environment).flatMap { HelperProcess(store: $0, forPackages: false) }
            : nil
        _ = ground.own.enter()
        return helper
    }

    /// Confines what builds from packages; before, it starts what runs gpgv and pip.
    static func confine(
        _ recipe: Fetch.Recipe,
        _ request: Result<RecipeRequest, RecipeError>,
        _ environment: [String: String]
    ) -> HelperProcess? {
        var ground = ground(recipe.manner, environment)
        defer { _ = ground.own.enter() }
        // Nothing is made for a request that is none.
        guard case .success(let request) = request else { return nil }
        ground.add(request.mirrors)
        return store(recipe.manner, environment).flatMap {
            HelperProcess(store: absolute($0), forPackages: true)
        }
    }

    /// The paths that are asked about are those of an opened store.
    private static func absolute(_ path: FilePath) -> FilePath {
        (try? Store(at: path))?.path ?? path
    }

    private static func store(
        _ manner: Fetch.Manner,
        _ environment: [String: String]
    ) -> FilePath? {
        manner.store ?? Store.defaultPath(environment: environment)
    }

    /// What standard input asks for.
    static func request<Request: Decodable, Failure: Error>(
        _ type: Request.Type,
        _ failure: (RequestError) -> Failure
    ) -> Result<Request, Failure> {
        do throws(RequestError) {
            return .success(try StandardInput.read(type))
        } catch {
            return .failure(failure(error))
        }
    }
}

/// A command that puts something into the store.
protocol FillingCommand {
    var manner: Fetch.Manner { get }
}

extension Fetch.Image: FillingCommand {}
extension Fetch.Recipe: FillingCommand {}
extension Fetch.Add: FillingCommand {}
extension Fetch.Import: FillingCommand {}
