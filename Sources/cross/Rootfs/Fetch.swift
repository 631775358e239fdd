// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Dockerfile
import FoundationEssentials
import OCIStore
import RootfsRecipe
import SystemPackage

/// A run of `cross-fetch`, the one program that talks to the network.
struct Fetch {
    enum Wish {
        /// An image, and the target whose recipe would do instead.
        case image(ImageReference, Platform, alternative: String?)
        case recipe(RecipeRequest)
        /// What an `ADD` names.
        case add(AddRequest)
    }

    private let wish: Wish

    init(_ wish: Wish) {
        self.wish = wish
    }

    /// Brings it into the store; `cross-fetch` speaks to the user itself.
    ///
    /// - Throws: `FetchError.failed` with its exit status, or `.noProgram`.
    func run(_ host: Host, _ console: Console) throws {
        let fetch = HostProgram(
            path: try Self.program(),
            arguments: arguments(console),
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
        let status = try fetch.status(input: input)
        guard status == 0 else { throw FetchError.failed(status) }
    }

    /// The arguments that `cross-fetch` takes for this.
    func arguments(_ console: Console) -> [String] {
        let wanted: [String] =
            switch wish {
            case .image(let reference, let platform, let alternative):
                ["image", reference.description, "--platform", platform.description]
                    + (alternative.map { ["--or-recipe", $0] } ?? [])
            case .recipe: ["recipe"]
            case .add: ["add"]
            }
        let verbosity: [String] =
            switch console.verbosity {
            case .quiet: ["--quiet"]
            case .normal: []
            case .verbose: ["--verbose"]
            }
        return wanted + ["--while-parent-lives"]
            + ["--color", console.colour ? "always" : "never"] + verbosity
    }

    /// What `cross-fetch` reads.
    private var input: [UInt8] {
        let json: Data? =
            switch wish {
            case .image: nil
            case .recipe(let request): try? JSONEncoder().encode(request)
            case .add(let request): try? JSONEncoder().encode(request)
            }
        return json.map(Array.init) ?? []
    }

    /// `cross-fetch` beside this program, wherever that was installed or built.
    static func program() throws(FetchError) -> FilePath {
        guard let own = FilePath("/proc/self/exe").symbolicLinkTarget else { throw .noProgram }
        let program = own.removingLastComponent().appending("cross-fetch")
        guard program.isRegularFile else { throw .noProgram }
        return program
    }
}

/// Why a root filesystem is not there.
enum FetchError: Error, Equatable {
    case noStore
    case noProgram
    case imageOffline(ImageReference)
    case recipeOffline(Target)
    /// `--locked`, and the project's lock has nothing for the target.
    case notLocked(Target)
    case notStored(String)
    /// `cross-fetch` has said why.
    case failed(Int32)
}
