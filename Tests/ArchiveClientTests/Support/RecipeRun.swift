// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import RootfsRecipe
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch recipe` as `cross` runs it, with a store of its own.
struct RecipeRun {
    static let recipe = Recipe(
        platform: Platform(os: "linux", architecture: "amd64"),
        suite: "test",
        packages: ["compiler"]
    )

    static let program: String = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return FilePath(own ?? "").removingLastComponent().appending("cross-fetch").string
    }()

    let directory: TemporaryDirectory
    var request: RecipeRequest
    var environment: [String: String] = [:]
    var arguments: [String] = []
    /// What runs it, in front of its own words.
    var wrapper: [String] = []

    /// A run with mirrors at these addresses, to which the archives' names are added.
    init(
        _ archive: TestArchive,
        from bases: [String],
        recipe: Recipe = RecipeRun.recipe
    ) throws {
        directory = try TemporaryDirectory()
        request = RecipeRequest(recipe: recipe)
        request.mirrors.keyring = archive.keyring.string
        use(bases)
    }

    var store: FilePath { directory.path.appending("store") }

    mutating func use(_ bases: [String]) {
        for archive in Archive.allCases {
            request.mirrors.bases[archive.rawValue] = bases.map { "\($0)/\(archive.rawValue)" }
        }
    }

    func start(store: FilePath? = nil) throws -> Command.Running {
        var command = Command(
            arguments: wrapper
                + [Self.program, "recipe", "--store", (store ?? self.store).string] + arguments,
            environment: environment.merging(["HOME": directory.path.string]) { own, _ in own }
        )
        // Of its own, for the one before may still be read.
        command.input = try directory.write(
            "request-\(UUID().uuidString).json",
            [UInt8](try JSONEncoder().encode(request))
        )
        return try command.start(in: directory)
    }

    func run(store: FilePath? = nil) throws -> Command.Result {
        try start(store: store).wait()
    }

    /// Runs it, and throws where it fails.
    @discardableResult
    func check(store: FilePath? = nil) throws -> Command.Result {
        let result = try run(store: store)
        guard result.status == 0 else {
            throw Command.Failure(command: "cross-fetch recipe", result: result)
        }
        return result
    }

    /// Runs it where it must fail: with one error, and with nothing in the store.
    ///
    /// - Returns: what it said.
    @discardableResult
    func refusal(at location: SourceLocation = #_sourceLocation) throws -> String {
        let result = try run()
        let errors = result.errors
        #expect(result.status == 125, sourceLocation: location)
        #expect(
            errors.components(separatedBy: "error:").count == 2,
            "\(errors)",
            sourceLocation: location
        )
        #expect(try trees().isEmpty, sourceLocation: location)
        #expect(try record() == nil, sourceLocation: location)
        return errors
    }

    /// What the store remembers of the recipe.
    func record(store: FilePath? = nil) throws -> RecipeRecord? {
        try Store(at: store ?? self.store).record(or: request.recipe)
    }

    /// A digest of everything in the root filesystem: names, kinds, modes, times and contents.
    func tree(store: FilePath? = nil) throws -> String? {
        guard let record = try record(store: store) else { return nil }
        let root = (store ?? self.store).appending("rootfs").appending(record.chainID.hex)
        return try Command(
            "sh",
            "-c",
            "cd '\(root)' && { find . -printf '%y %m %p %l %T@\\n' | sort;"
                + " find . -type f -exec sha256sum {} + | sort; }"
        ).check(in: directory).output
    }

    /// The names of the root filesystems in the store.
    func trees() throws -> [String] {
        let directory = store.appending("rootfs").string
        return (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }
}
