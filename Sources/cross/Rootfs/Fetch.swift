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
        /// An image, what it must be where that is locked, and the target whose recipe would do
        /// instead.
        case image(ImageReference, Platform, lock: ImageLock?, alternative: String?)
        case recipe(RecipeRequest)
        /// What an `ADD` names.
        case add(AddRequest)
        /// Images in a file or directory, and what a single one is to be called.
        case file(FilePath, ImageReference?)
        /// To write images where the path says; with a slash at its end, into a directory.
        case export(ExportRequest, to: String, compression: String)
        /// To push an image.
        case push(ExportRequest, to: ImageReference, compression: String)
    }

    private let wish: Wish

    init(_ wish: Wish) {
        self.wish = wish
    }

    /// Brings it into the store; `cross-fetch` speaks to the user itself.
    ///
    /// - Throws: `FetchError.failed` with its exit status, or `.noProgram`.
    func run(_ host: Host, _ console: Console) throws {
        let status = try program(arguments(console), host).status(input: input)
        guard status == 0 else { throw FetchError.failed(status) }
    }

    /// Brings several into the store at once, each by a `cross-fetch` of its own that writes line by
    /// line; what two of them need one fetches.
    ///
    /// - Throws: as `run`, once all have ended.
    static func run(_ fetches: [Fetch], _ host: Host, _ console: Console) throws {
        guard fetches.count > 1 else {
            for fetch in fetches { try fetch.run(host, console) }
            return
        }
        var environment = host.environment
        environment["TERM"] = "dumb"
        let started = try fetches.map { fetch in
            HostProgram(
                path: try Self.program(),
                arguments: fetch.arguments(console),
                environment: environment,
                workingDirectory: host.workingDirectory
            ).started(input: fetch.input)
        }
        let statuses = try started.map { try $0.wait().get() }
        if let failed = statuses.first(where: { $0 != 0 }) { throw FetchError.failed(failed) }
    }

    /// What becomes of attempts of `cross-fetch` to do what it never should, once it is confined.
    ///
    /// - Returns: by name, true where all is as it should be; `nil` where it does not say.
    static func confinement(_ host: Host) -> [String: Bool]? {
        struct Report: Decodable { let attempts: [String: Bool] }
        guard let program = try? Self.program() else { return nil }
        let query = HostProgram(
            path: program,
            arguments: ["confinement", "--format", "json"],
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
        guard let answer = try? query.output(), answer.status == 0 else { return nil }
        return try? JSONDecoder().decode(Report.self, from: Data(answer.output)).attempts
    }

    /// Finds out what it stands for today, and fetches nothing.
    ///
    /// - Throws: as `run`.
    func resolve<Lock: Decodable>(
        as: Lock.Type,
        _ host: Host,
        _ console: Console
    ) throws -> Lock {
        let outcome = try program(arguments(console) + ["--resolve"], host).output(input: input)
        guard outcome.status == 0 else { throw FetchError.failed(outcome.status) }
        return try JSONDecoder().decode(Lock.self, from: Data(outcome.output))
    }

    private func program(_ arguments: [String], _ host: Host) throws(FetchError) -> HostProgram {
        HostProgram(
            path: try Self.program(),
            arguments: arguments,
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
    }

    /// The arguments that `cross-fetch` takes for this.
    func arguments(_ console: Console) -> [String] {
        let wanted: [String] =
            switch wish {
            case .image(let reference, let platform, let lock, let alternative):
                ["image", reference.description, "--platform", platform.description]
                    + (lock == nil ? [] : ["--locked"])
                    + (alternative.map { ["--or-recipe", $0] } ?? [])
            case .recipe: ["recipe"]
            case .add: ["add"]
            case .file(let path, let name):
                ["import", path.string] + (name.map { ["--as", $0.description] } ?? [])
            case .export(_, let path, let compression):
                ["export", path, "--compression", compression]
            case .push(_, let reference, let compression):
                ["push", reference.description, "--compression", compression]
            }
        let verbosity: [String] =
            switch console.verbosity {
            case .quiet: ["--quiet"]
            case .normal: []
            case .verbose: ["--verbose"]
            }
        return wanted + ["--while-parent-lives"]
            + ["--color", console.colour ? "always" : "never"] + verbosity
            + (console.progress.map { ["--progress", $0.rawValue] } ?? [])
    }

    /// What `cross-fetch` reads.
    private var input: [UInt8] {
        let json: Data? =
            switch wish {
            case .image(_, _, let lock, _): lock.flatMap { try? JSONEncoder().encode($0) }
            case .recipe(let request): try? JSONEncoder().encode(request)
            case .add(let request): try? JSONEncoder().encode(request)
            case .export(let request, _, _), .push(let request, _, _):
                try? JSONEncoder().encode(request)
            case .file: nil
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
    /// With the manifest that it is locked to.
    case imageOffline(ImageReference, locked: Digest?)
    case recipeOffline(Target)
    /// `--locked`, and the project's lock has nothing for the image.
    case imageNotLocked(ImageReference)
    /// `--locked`, and the project's lock has nothing for the target.
    case notLocked(Target)
    case notStored(String)
    /// What is to be exported was neither pulled nor built.
    case notInStore(ImageReference)
    /// `cross-fetch` has said why.
    case failed(Int32)
}
