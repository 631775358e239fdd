// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCIStore
import SystemPackage

/// The indexes of packages that the store has, and the way to those that it lacks.
struct Indexes {
    /// An index that was of no use for so many seconds is not kept: two weeks.
    private static let keptFor = 14 * 86_400

    let client: ArchiveClient
    let store: Store
    let threads: WorkerThreads
    let progress: Progress

    /// Reads an index, after having fetched it where it is not in the store.
    ///
    /// - Parameter forms: the one to prefer first; the others count where it cannot be had.
    /// - Returns: `nil` where there is no form of it.
    /// - Throws: what kept from getting or reading it.
    func read(_ forms: [IndexFile]) async throws(RecipeError) -> PackageIndex? {
        let known = forms.lazy.compactMap { form in
            store.index(form.file.digest).map { (form, $0) }
        }.first
        if let (form, path) = known {
            do throws(RecipeError) {
                return try await read(form, at: path)
            } catch .archive(.undecodable), .archive(.malformed) {
                // A power cut or a worn disk: what is fetched anew is checked anew.
                try wording(RecipeError.store) { () throws(StoreError) in
                    try store.forgetIndex(form.file.digest)
                }
            }
        }
        var failures: [MirrorFailure] = []
        for form in forms {
            do throws(RecipeError) {
                return try await read(form, at: try await fetch(form))
            } catch .archive(.unavailable(_, let more)) {
                failures += more
            }
        }
        guard let first = forms.first else { return nil }
        throw .archive(
            .unavailable(first.subject, failures)
        )
    }

    /// Removes what was not used for a while.
    func prune() throws(RecipeError) {
        try wording(RecipeError.store) { () throws(StoreError) in
            try store.pruneIndexes(unusedFor: Self.keptFor)
        }
    }

    private func fetch(_ form: IndexFile) async throws(RecipeError) -> FilePath {
        let lock = try await waiting(RecipeError.store) { () async throws(StoreError) in
            try await threads.lock(.blob(form.file.digest), in: store) { progress.waiting(for: $0) }
        }
        defer { withExtendedLifetime(lock) {} }
        // Another process may have had the lock until now.
        if let path = store.index(form.file.digest) { return path }
        try await waiting(RecipeError.archive) { () async throws(ArchiveClientError) in
            try await client.fetch(form, into: store.downloadPath(form.file.digest))
        }
        return try wording(RecipeError.store) { () throws(StoreError) in
            try store.keepIndex(form.file.digest)
        }
    }

    private func read(_ form: IndexFile, at path: FilePath) async throws(RecipeError)
        -> PackageIndex
    {
        let result = await threads.work { () -> Result<PackageIndex, ArchiveClientError> in
            do throws(ArchiveClientError) {
                return .success(try form.read(path))
            } catch {
                return .failure(error)
            }
        }
        return try wording(RecipeError.archive) { () throws(ArchiveClientError) in
            try result.get()
        }
    }
}
