// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation
package import OCIStore
import Synchronization
package import SystemPackage

/// The file that takes a download of which nobody knows size or digest before.
///
/// What came of a broken answer is of no use: the next one begins anew.
package final class UnsizedFile: ResponseBody {
    private enum Fault {
        case encoding(String)
        case length(Int64)
        case file(Errno)
    }

    private struct State: ~Copyable {
        var file: HashedFile
        var announced: Int64?
        var fault: Fault?
        /// Whether the answer is no file, but an error page.
        var isDiscarded = false
    }

    private let path: FilePath
    private let limit: Int64
    private let progress: @Sendable (Int64) -> Void
    private let state: Mutex<State>

    /// Makes the file.
    ///
    /// - Parameters:
    ///   - path: of nothing yet.
    ///   - limit: bytes that may come.
    ///   - progress: told how many bytes are there.
    /// - Throws: what open(2) says.
    package init(
        _ path: FilePath,
        limit: Int64,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(Errno) {
        self.path = path
        self.limit = limit
        self.progress = progress
        state = Mutex(State(file: try HashedFile(path, .writeOnly, .exclusiveCreate)))
    }

    /// Of what is there.
    package var digest: OCIStore.Digest { state.withLock { $0.file.digest } }

    /// Wants a whole file, and a little of an error's page.
    package func begin(_ head: ResponseHead) -> Bool {
        state.withLock { state in
            (state.announced, state.fault) = (nil, nil)
            state.isDiscarded = head.status != 200
            if state.isDiscarded { return true }
            state.announced = head["content-length"].flatMap { Int64($0) }
            if let encoding = head["content-encoding"], encoding != "identity" {
                state.fault = .encoding(encoding)
            } else if let announced = state.announced, announced > limit {
                state.fault = .length(announced)
            } else {
                state.fault = Self.emptied(&state.file)
            }
            return state.fault == nil
        }
    }

    /// Writes the chunk unless it is too much.
    package func append(_ chunk: Data) -> Bool {
        let length = state.withLock { state -> Int64? in
            guard !state.isDiscarded else { return nil }
            guard Int64(chunk.count) <= limit - state.file.length else {
                state.fault = .length(limit + 1)
                return nil
            }
            do throws(Errno) {
                try state.file.append(chunk)
            } catch {
                state.fault = .file(error)
                return nil
            }
            return state.file.length
        }
        if let length { progress(length) }
        return length != nil
    }

    private static func emptied(_ file: inout HashedFile) -> Fault? {
        do throws(Errno) {
            try file.empty()
            return nil
        } catch {
            return .file(error)
        }
    }

    /// Downloads a URL into the file.
    ///
    /// - Parameters:
    ///   - url: `http` or `https`; redirects never lead from the latter to the former.
    ///   - transport: asks.
    ///   - patience: for what passes.
    /// - Throws: `DownloadError`; the file is of no use then.
    package func fill(
        from url: URL,
        by transport: Transport,
        _ patience: Patience<DownloadError>
    ) async throws(DownloadError) {
        var patience = patience
        while true {
            do throws(AttemptFailure<DownloadError>) {
                return try await attempt(url, transport)
            } catch {
                try await patience.wait(after: error)
            }
        }
    }

    private func attempt(
        _ url: URL,
        _ transport: Transport
    ) async throws(AttemptFailure<DownloadError>) {
        let (head, host) = try await transport.follow(
            Request(url: url),
            policy: .verified,
            body: self
        )
        guard head.status == 200 else {
            throw .lasting(.status(head.status, host: host, attempts: 1))
        }
        let (length, announced, fault) = state.withLock { ($0.file.length, $0.announced, $0.fault) }
        switch fault {
        case .encoding(let encoding): throw .lasting(.encoded(encoding))
        case .length(let actual):
            throw .lasting(.sizeMismatch(expected: limit, actual: actual))
        case .file(let errno): throw .lasting(.file(path, errno))
        case nil: break
        }
        guard length == announced ?? length else {
            let reason = "\(length) of \(announced ?? 0) bytes came"
            throw .passing(.interrupted(reason), host: host, after: nil)
        }
    }
}
