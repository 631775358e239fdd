// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCIStore
import SystemPackage

/// A run of `cross-fetch`, the one program that talks to the network.
struct Fetch {
    let reference: ImageReference
    let platform: Platform

    /// Pulls the image into the store; `cross-fetch` speaks to the user itself.
    ///
    /// - Throws: `FetchError.failed` with its exit status, or `.noProgram`.
    func run(_ host: Host, _ console: Console) throws {
        let program = try Self.program()
        let fetch = HostProgram(
            path: program,
            arguments: arguments(console),
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
        let status = try fetch.status()
        guard status == 0 else { throw FetchError.failed(status) }
    }

    /// The arguments that `cross-fetch` takes for this image.
    func arguments(_ console: Console) -> [String] {
        let verbosity: [String] =
            switch console.verbosity {
            case .quiet: ["--quiet"]
            case .normal: []
            case .verbose: ["--verbose"]
            }
        return ["image", reference.description, "--platform", platform.description]
            + ["--while-parent-lives"]
            + ["--color", console.colour ? "always" : "never"] + verbosity
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
    case offline(ImageReference)
    case notStored(ImageReference)
    /// `cross-fetch` has said why.
    case failed(Int32)
}
