// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// What `scripts/test` has prepared for these suites: programs, a registry, an ordinary user.
struct Machine {
    /// The directory with `cross`, `cross-util` and `cross-fetch`.
    let programs: FilePath
    /// The directory of the registry, as `demo/registry` keeps it.
    let registryDirectory: FilePath
    /// The registry's `host:port`.
    let registry: String
    let certificateAuthority: FilePath
    let authFile: FilePath
    /// `demo/registry`.
    let registryScript: String
    /// The demonstration's crate with its vendored sources.
    let crate: FilePath
    /// The layout of the small image, and the tree it must become.
    let smallImage: FilePath
    /// Whoever runs the tests if that is an ordinary user, else the one that was created for them.
    let user: String

    /// What the environment says.
    ///
    /// - Throws: `NotPrepared`, so that each test fails and says why.
    init() throws {
        let environment = ProcessInfo.processInfo.environment
        func path(_ name: String) throws -> FilePath {
            guard let value = environment[name] else { throw NotPrepared(missing: name) }
            return FilePath(value)
        }
        programs = try path("CROSS_TEST_PROGRAMS")
        registryDirectory = try path("CROSS_TEST_REGISTRY")
        registryScript = try path("CROSS_TEST_REGISTRY_SCRIPT").string
        crate = try path("CROSS_TEST_CRATE")
        smallImage = try path("CROSS_TEST_SMALL_IMAGE")
        user = try path("CROSS_TEST_USER").string
        let settings = try String(
            contentsOfFile: registryDirectory.appending("environment").string,
            encoding: .utf8
        )
        let values = Dictionary(
            uniqueKeysWithValues: settings.split(separator: "\n").map { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            }
        )
        registry = values["REGISTRY", default: ""]
        certificateAuthority = FilePath(values["CA", default: ""])
        authFile = FilePath(values["AUTH_FILE", default: ""])
    }

    /// A program of the project's.
    func program(_ name: String) -> String { programs.appending(name).string }

    /// The program that enters a sandbox by its arguments alone.
    var sandboxRunner: String { programs.appending("sandbox-runner").string }

    /// Makes everything below a path the user's.
    func give(_ path: FilePath) throws {
        guard getuid() == 0 else { return }
        let change = Process()
        change.executableURL = URL(filePath: "/bin/chown")
        change.arguments = ["-R", "--no-dereference", "\(user):", path.string]
        try change.run()
        change.waitUntilExit()
        guard change.terminationStatus == 0 else { throw NotPrepared(missing: "chown") }
    }

    /// The whole name of an image that the registry has.
    func image(_ name: String) -> String { "\(registry)/\(name)" }
}

/// Why a test could not begin.
struct NotPrepared: Error, CustomStringConvertible {
    let missing: String
    var description: String { "\(missing) is not set; run these tests with scripts/test" }
}
