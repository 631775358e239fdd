// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore
public import SystemPackage

/// The files of the user's and the machine's that a pull reads.
public enum RegistryFiles {
    /// Files and directories; any of them may be missing.
    ///
    /// - Parameters:
    ///   - reference: what is pulled.
    ///   - environment: by name.
    /// - Returns: what has to be readable while the registry is spoken to.
    public static func all(
        for reference: ImageReference,
        environment: [String: String]
    ) -> [FilePath] {
        // What is wrong with them is said when the registry is spoken to.
        let stops = (try? RegistryStop.stops(to: reference, environment: environment)) ?? []
        let names = [reference.registry] + stops.map(\.reference.registry)
        return CredentialSearch(environment: environment).files
            + RegistriesFile.files(environment: environment)
            + RegistriesFile.files(environment: environment).map { $0.removingLastComponent() }
            .filter { $0.lastComponent == "registries.conf.d" }
            + HostsFile.files(for: reference.registry, environment: environment)
            + DaemonFile.files(environment: environment)
            + stops.flatMap(\.authorities)
            + names.flatMap {
                RegistryCertificates.directories(for: $0, environment: environment)
            }
    }

    /// Whether credentials may have to be asked of a helper program.
    ///
    /// - Parameter environment: by name.
    /// - Returns: true where a file of credentials names one.
    public static func nameHelpers(environment: [String: String]) -> Bool {
        CredentialSearch(environment: environment).namesHelpers
    }
}
