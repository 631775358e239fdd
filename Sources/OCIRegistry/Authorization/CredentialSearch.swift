// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: containers-auth.json(5), docker/cli's `DOCKER_CONFIG`.

import Glibc
import OCIStore
import SystemPackage

/// Where credentials are looked for.
///
/// `$REGISTRY_AUTH_FILE` alone where it is set; otherwise, the first that has one of
/// `$XDG_RUNTIME_DIR/containers/auth.json`, `$XDG_CONFIG_HOME/containers/auth.json` and
/// `$DOCKER_CONFIG/config.json`, the latter two below `~/.config` and `~/.docker` where unset.
struct CredentialSearch: Sendable {
    let files: [FilePath]
    private let question: CredentialHelperQuestion
    private let notice: @Sendable (RegistryNotice) -> Void

    init(
        environment: [String: String],
        notice: @escaping @Sendable (RegistryNotice) -> Void = { _ in },
        question: CredentialHelperQuestion? = nil
    ) {
        func directory(_ variable: String, _ fallback: String? = nil) -> FilePath? {
            if let value = environment[variable], !value.isEmpty { return FilePath(value) }
            guard let fallback, let home = environment["HOME"], !home.isEmpty else { return nil }
            return FilePath(home).appending(fallback)
        }
        self.question =
            question
            ?? { name, server in
                await CredentialHelper.ask(name, for: server, environment: environment)
            }
        self.notice = notice
        files =
            directory("REGISTRY_AUTH_FILE").map { [$0] }
            ?? [
                directory("XDG_RUNTIME_DIR")?.appending("containers").appending("auth.json"),
                directory("XDG_CONFIG_HOME", ".config")?
                    .appending("containers").appending("auth.json"),
                directory("DOCKER_CONFIG", ".docker")?.appending("config.json"),
            ].compactMap { $0 }
    }

    /// Whether one of the files names a helper; one that cannot be read names none.
    var namesHelpers: Bool {
        files.contains { path in
            guard let file = try? CredentialFile(path) else { return false }
            return file.credsStore?.isEmpty == false || file.credHelpers?.isEmpty == false
        }
    }

    /// The credential for a repository; `nil` where there is none.
    func credential(for reference: ImageReference) async throws(RegistryError) -> FoundCredential? {
        for path in files {
            guard let file = try CredentialFile(path) else { continue }
            if let (name, server) = file.helper(registry: reference.registry),
                let credential = try await CredentialHelper(name, question)
                    .credential(for: server)
            {
                return FoundCredential(credential: credential, source: .helper(name))
            }
            let stored = file.credential(
                registry: reference.registry,
                repository: reference.repository
            )
            if let stored {
                if isReadableByOthers(path) { notice(.credentialsExposed(path)) }
                return FoundCredential(credential: stored, source: .file(path))
            }
        }
        return nil
    }
}

private func isReadableByOthers(_ path: FilePath) -> Bool {
    var status = stat()
    let result = unsafe path.withPlatformString { unsafe stat($0, &status) }
    return result == 0 && status.st_mode & 0o044 != 0
}
