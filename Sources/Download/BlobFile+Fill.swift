// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 9110 §14.

package import OCIStore
import SystemPackage

extension BlobFile {
    /// An attempt that brought as many bytes is not counted as one that failed.
    private static let worthwhile: Int64 = 1 << 20

    /// The header of a request for what is missing.
    package var rangeHeader: [String: String] {
        length > 0 ? ["Range": "bytes=\(length)-"] : [:]
    }

    /// Makes requests until the blob is there.
    ///
    /// What the file holds already is taken for the beginning of the blob, so an interrupted fetch
    /// goes on. The file must be the caller's alone while this runs.
    ///
    /// - Parameters:
    ///   - expected: the blob's digest.
    ///   - patience: the caller's, fresh.
    ///   - word: says in the caller's words what is wrong.
    ///   - attempt: makes one request with this file as its body and `rangeHeader` among its headers,
    ///     and returns the answer if its status is 200, 206 or 416, and who gave it.
    /// - Throws: what `attempt` or `word` made of it. The file is kept unless its bytes are wrong.
    package func fill<Failure: Error>(
        _ expected: Digest,
        patience: Patience<Failure>,
        word: (DownloadError) -> Failure,
        attempt: () async throws(AttemptFailure<Failure>) -> (ResponseHead, host: String)
    ) async throws(Failure) {
        var isResumed = length > 0
        while true {
            var patience = patience
            while length < size {
                let before = length
                do throws(AttemptFailure<Failure>) {
                    let (head, host) = try await attempt()
                    try judge(head, host: host, word)
                } catch {
                    if length - before >= Self.worthwhile { patience.renew() }
                    try await patience.wait(after: error)
                }
            }
            let actual = digest
            if actual == expected { return }
            try forget(word)
            // What another process left there may be what is wrong: once more, from the beginning.
            guard isResumed else {
                throw word(.digestMismatch(expected: expected, actual: actual))
            }
            isResumed = false
        }
    }

    /// What one answer has brought.
    private func judge<Failure: Error>(
        _ head: ResponseHead,
        host: String,
        _ word: (DownloadError) -> Failure
    ) throws(AttemptFailure<Failure>) {
        do throws(Failure) {
            switch fault {
            case nil where head.status != 416:
                break
            case nil, .range:
                try forget(word)
            case .encoding(let encoding):
                throw word(.encoded(encoding))
            case .length(let actual):
                try forget(word)
                throw word(.sizeMismatch(expected: size, actual: actual))
            case .file(let errno):
                throw word(.file(path, errno))
            }
        } catch {
            throw .lasting(error)
        }
        guard length == size else {
            let reason = "\(length) of \(size) bytes came"
            throw .passing(.interrupted(reason), host: host, after: nil)
        }
    }

    private func forget<Failure: Error>(_ word: (DownloadError) -> Failure) throws(Failure) {
        do throws(Errno) {
            try reset()
        } catch {
            throw word(.file(path, error))
        }
    }
}
