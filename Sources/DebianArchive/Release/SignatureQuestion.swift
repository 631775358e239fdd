// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: gpgv(1).

import Subprocess
package import SystemPackage

/// What gpgv is asked: who has signed a text.
package struct SignatureQuestion: Sendable {
    /// The text with its signatures.
    package let signed: [UInt8]
    /// Files of binary keys.
    package let keyrings: [FilePath]
    /// Where what was signed of it goes.
    package let output: FilePath
    /// A directory of its own.
    package let home: FilePath

    /// A question of the given parts.
    package init(signed: [UInt8], keyrings: [FilePath], output: FilePath, home: FilePath) {
        self.signed = signed
        self.keyrings = keyrings
        self.output = output
        self.home = home
    }

    /// Runs gpgv.
    ///
    /// - Parameter searchPath: where to look for it, in place of `PATH`.
    /// - Returns: what it says.
    /// - Throws: `verifierMissing`, `verifierNotStarted`, `verifierFailed`, `scratch`.
    package func ask(searchPath: String? = nil) async throws(ReleaseFault) -> SignatureReport {
        var arguments = ["--status-fd", "1", "--output", output.string]
        for hash in ["MD5", "SHA1", "RIPEMD160"] { arguments += ["--weak-digest", hash] }
        for keyring in keyrings { arguments += ["--keyring", keyring.string] }
        var environment = Environment.inherit.updating([
            "GNUPGHOME": home.string, "LC_ALL": "C",
        ])
        if let searchPath { environment = environment.updating(["PATH": searchPath]) }
        let input = try file()
        do {
            // A task of its own, which nobody cancels: swift-subprocess 1.0 traps where a task is cancelled
            // while its program is being started.
            let result = try await Task { [arguments, environment] in
                try await run(
                    .name("gpgv"),
                    arguments: Arguments(arguments),
                    environment: environment,
                    input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                    output: .string(limit: 1 << 20),
                    error: .discarded
                )
            }.value
            guard case .exited(let status) = result.terminationStatus else {
                throw ReleaseFault.verifierFailed
            }
            return SignatureReport(text: result.standardOutput, status: status)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .verifierMissing
        } catch let error as SubprocessError {
            throw error.underlyingError.map(ReleaseFault.verifierNotStarted) ?? .verifierFailed
        } catch {
            throw .verifierFailed
        }
    }
}

extension SignatureQuestion {
    /// The text as a file, opened for reading.
    ///
    /// swift-subprocess 1.0 traps where a program ends before it has read what it is given through a
    /// pipe.
    private func file() throws(ReleaseFault) -> FileDescriptor {
        let path = home.appending("signed")
        do {
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: [.ownerReadWrite]
            )
            try file.closeAfter { _ = try file.writeAll(signed) }
            return try FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec])
        } catch {
            throw .scratch(path, (error as? Errno) ?? .ioError)
        }
    }
}

/// What gpgv says of signatures, in its own words.
package struct SignatureReport: Sendable, Codable {
    /// The lines of its status.
    package let text: String
    /// Its exit status.
    package let status: Int32

    /// A report of the given parts.
    package init(text: String, status: Int32) {
        self.text = text
        self.status = status
    }
}

/// Has gpgv asked.
package typealias SignatureCheck =
    @Sendable (SignatureQuestion) async throws(ReleaseFault) -> SignatureReport
