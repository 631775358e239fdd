// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Dockerfile
import Download
import Foundation
import OCILayer
import OCIStore
import SystemPackage

/// From what an `ADD` names to layers in the store.
struct Addition {
    let request: AddRequest
    let store: FilePath
    let environment: [String: String]
    let console: Console
    private let threads = WorkerThreads()

    /// Makes the layers that are missing, one after the other: there is hardly ever more than one.
    func run() async throws(AddError) {
        let store = try wording(AddError.store) { () throws(StoreError) in
            try Store(filling: self.store)
        }
        let progress = Progress(console)
        var transport: Transport?
        for source in request.sources where !store.hasLayer(source.key) {
            let lock = try await waiting(AddError.store) { () async throws(StoreError) in
                try await threads.lock(.layer(source.key), in: store) { progress.waiting(for: $0) }
            }
            defer { withExtendedLifetime(lock) {} }
            // Another process may have had the lock until now.
            guard !store.hasLayer(source.key) else { continue }
            switch source.origin {
            case .file(let path):
                try await unpack(source, self.store.pushing(FilePath(path)), store)
            case .url(let address, let checksum):
                let asking: Transport
                if let transport { asking = transport } else { asking = try connect() }
                transport = asking
                let staging = try wording(AddError.store) { () throws(StoreError) in
                    try Staging(in: store)
                }
                let file = staging.directory.path.appending("file")
                progress.fetching(Self.plain(address))
                try await fetch(address, checksum, into: file, by: asking, progress)
                try await unpack(source, file, store)
                _ = consume staging
            }
        }
    }

    private func connect() throws(AddError) -> Transport {
        try wording(AddError.certificates) { () throws(DownloadError) in
            try Transport(environment: environment, stall: 30)
        }
    }

    private func fetch(
        _ address: String,
        _ checksum: OCIStore.Digest?,
        into path: FilePath,
        by transport: Transport,
        _ progress: Progress
    ) async throws(AddError) {
        let name = Self.plain(address)
        guard let url = URL(string: address), url.host()?.isEmpty == false else {
            throw .url(name)
        }
        let file: UnsizedFile
        do throws(Errno) {
            file = try UnsizedFile(path, limit: LayerLimits().bytes) { count in
                progress.downloading(name, count)
            }
        } catch {
            throw .download(name, .file(path, error))
        }
        let patience = Patience<DownloadError>(policy: RetryPolicy()) { retry in
            progress.say {
                $0.detail("\(retry.host): attempt \(retry.attempt) in \(seconds(retry.after))")
            }
        } word: {
            $0
        }
        defer { progress.end() }
        try await waiting {
            AddError.download(name, $0)
        } _: { () async throws(DownloadError) in
            try await file.fill(from: url, by: transport, patience)
            guard let checksum, checksum != file.digest else { return }
            throw .digestMismatch(expected: checksum, actual: file.digest)
        }
    }

    private func unpack(
        _ source: AddRequest.Source,
        _ file: FilePath,
        _ store: Store
    ) async throws(AddError) {
        let result = await threads.work { () -> Result<Void, LayerError> in
            do throws(LayerError) {
                return .success(try AddedFile(source: source, file: file).publish(in: store))
            } catch {
                return .failure(error)
            }
        }
        try wording({ AddError.layer(source.name, $0) }) { () throws(LayerError) in try result.get()
        }
    }

    /// A URL without what may be a password.
    private static func plain(_ address: String) -> String {
        guard var parts = URLComponents(string: address) else { return address }
        (parts.user, parts.password, parts.query) = (nil, nil, nil)
        return parts.string ?? address
    }
}

/// Why a file that an `ADD` names did not become a layer.
enum AddError: Error {
    /// Nothing in the environment says where the store is.
    case noStore
    /// Standard input holds no request.
    case request(RequestError)
    /// There is no host in the URL.
    case url(String)
    /// The authorities cannot be read.
    case certificates(DownloadError)
    /// The file cannot be had.
    case download(String, DownloadError)
    /// The file cannot be a layer, or what is in it.
    case layer(String, LayerError)
    case store(StoreError)
}
