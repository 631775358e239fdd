// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: apt.conf(5); apt-config(8); apt-transport-mirror(1).

import FoundationEssentials
import RootfsRecipe
import SystemPackage

/// How this machine's apt reaches the network, for one that runs inside.
struct MachineApt {
    /// A file for `apt.conf.d`, whose name comes last.
    let configuration: StepFile

    /// Asks the machine's `apt-config`, where there is one.
    ///
    /// - Parameters:
    ///   - host: where programs are looked for.
    ///   - authorities: certificate authorities, seen from inside.
    /// - Throws: `HostProgramError`.
    init(_ host: Host, authorities: FilePath?) throws(HostProgramError) {
        // apt's own user cannot be had where there is one id.
        var lines = [#"APT::Sandbox::User "root";"#]
        if let authorities { lines.append("Acquire::https::CAInfo \"\(authorities)\";") }
        if let program = host.program("apt-config") {
            let dump = try HostProgram(
                path: program,
                arguments: ["dump", "--no-empty"],
                environment: host.environment,
                workingDirectory: host.workingDirectory
            ).output()
            lines += Self.transport(String(decoding: dump.output, as: UTF8.self))
        }
        configuration = StepFile(
            path: "/etc/apt/apt.conf.d/zz-cross-machine",
            content: Array(lines.joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
        )
    }

    /// The lines about transport that mean something elsewhere: no programs and no files of this machine.
    static func transport(_ dump: String) -> [String] {
        let beginnings = [
            "Acquire::Check-", "Acquire::Retries", "Acquire::ForceIPv", "Acquire::http::",
            "Acquire::https::", "Acquire::http ", "Acquire::https ", "Acquire::ftp::",
        ]
        let local = ["auto-detect", "autodetect", "::cainfo", "::capath", "::ssl", "::crlfile"]
        return dump.split(separator: "\n").map(String.init).filter { line in
            let key = line.prefix { $0 != " " }.lowercased()
            return beginnings.contains { line.hasPrefix($0) }
                && !local.contains { key.contains($0) }
        }
    }
}

/// Where the packages of a recipe's root filesystem come from.
struct PackageMirrors: Equatable {
    /// What the configuration says.
    let configured: RecipeRequest.Mirrors

    /// A list for apt inside, and what of the machine it leads to.
    struct List {
        let file: StepFile
        let directories: [FilePath]
    }

    /// The lists that the root filesystem's sources name.
    ///
    /// `cross-fetch` looks for the mirrors, as it does when it makes such a root filesystem.
    ///
    /// - Throws: `StepError.noMirrors`, `FetchError.noProgram`, or `HostProgramError`.
    func lists(_ host: Host) throws -> [List] {
        let input = try JSONEncoder().encode(configured)
        let found = try HostProgram(
            path: try Fetch.program(),
            arguments: ["mirrors"],
            environment: host.environment,
            workingDirectory: host.workingDirectory
        ).output(input: Array(input))
        guard found.status == 0,
            let addresses = try? JSONDecoder().decode(
                [String: [String]].self,
                from: Data(found.output)
            )
        else { throw StepError.noMirrors(found.status) }
        return addresses.sorted { $0.key < $1.key }.map(Self.list)
    }

    private static func list(_ archive: String, _ addresses: [String]) -> List {
        List(
            file: StepFile(
                path: "/etc/apt/mirrors/\(archive).list",
                content: Array(addresses.map { "\($0)\n" }.joined().utf8)
            ),
            directories: addresses.compactMap { address in
                address.hasPrefix("file://") ? FilePath(String(address.dropFirst(7))) : nil
            }
        )
    }
}
