// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import RootfsRecipe
import Synchronization

/// The way to the archives, for which nobody looks who needs nothing from them.
final class Archives: Sendable {
    private let mirrors: RecipeRequest.Mirrors
    private let configuration: ArchiveClient.Configuration
    private let known = Mutex<ArchiveClient?>(nil)

    init(
        _ mirrors: RecipeRequest.Mirrors,
        environment: [String: String],
        helper: HelperProcess?,
        _ progress: Progress
    ) {
        self.mirrors = mirrors
        var configuration = ArchiveClient.Configuration(environment: environment) { notice in
            progress.note(notice)
        }
        if let helper {
            configuration.check = { (question) async throws(ReleaseFault) in
                try await helper.signature(question)
            }
        }
        self.configuration = configuration
    }

    /// The one client of this process.
    func client() throws(RecipeError) -> ArchiveClient {
        try known.withLock { known throws(RecipeError) in
            if let known { return known }
            let locations = try wording(RecipeError.sources) { () throws(AptSourcesError) in
                try ArchiveLocations(mirrors: mirrors)
            }
            let client = try wording(RecipeError.archive) { () throws(ArchiveClientError) in
                try ArchiveClient(
                    locations: locations,
                    snapshots: mirrors.snapshots,
                    configuration: configuration
                )
            }
            known = client
            return client
        }
    }
}
