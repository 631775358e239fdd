// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation
package import OCIStore
import Synchronization
package import SystemPackage

/// The file that takes a blob, and the digest of what is in it so far.
///
/// The file's length is how far the download has come: there is nothing else to write down, and
/// whatever ends the process, the next one goes on from there.
package final class BlobFile: ResponseBody {
    /// Why the answer under way is not the rest of the blob.
    enum Fault {
        /// It is another part than the one asked for.
        case range
        case encoding(String)
        /// It is so long, or at least so long.
        case length(Int64)
        case file(Errno)
    }

    private struct State: ~Copyable {
        var file: HashedFile
        var fault: Fault?
        /// Bytes of an answer that is no part of the blob, such as an error page.
        var discarded: Int?
    }

    private static let discardLimit = 64 * 1024

    /// Where the file is.
    package let path: FilePath
    /// Of the whole blob, in bytes.
    package let size: Int64
    private let progress: @Sendable (Int64) -> Void
    private let state: Mutex<State>

    /// Opens or makes the file, and takes the digest of what is there.
    ///
    /// - Parameters:
    ///   - path: nothing that is longer than the blob is kept.
    ///   - size: of the whole blob.
    ///   - progress: told how many bytes of the blob are there.
    /// - Throws: what open(2), read(2) or ftruncate(2) says.
    package init(
        _ path: FilePath,
        size: Int64,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(Errno) {
        self.path = path
        self.size = size
        self.progress = progress
        var file = try HashedFile(path, .readWrite)
        try file.readBack(limit: size)
        if file.length > size { try file.empty() }
        progress(file.length)
        state = Mutex(State(file: file))
    }

    /// How much of the blob is there.
    package var length: Int64 { state.withLock { $0.file.length } }

    /// What the last chunk could not be written for.
    package var writeError: Errno? {
        guard case .file(let errno) = fault else { return nil }
        return errno
    }

    var fault: Fault? { state.withLock { $0.fault } }

    /// Of what is there.
    package var digest: OCIStore.Digest { state.withLock { $0.file.digest } }

    /// Forgets everything.
    ///
    /// - Throws: what ftruncate(2) says.
    package func reset() throws(Errno) {
        try state.withLock { (state) throws(Errno) in
            try state.file.empty()
            (state.fault, state.discarded) = (nil, nil)
        }
        progress(0)
    }

    /// Wants the rest of the blob, and a little of an error's page.
    package func begin(_ head: ResponseHead) -> Bool {
        let length = length
        let fault: Fault?
        switch head.status {
        case 200: fault = lengthFault(head) ?? (length > 0 ? resetFault() : nil)
        case 206: fault = rangeFault(head, from: length)
        default:
            state.withLock { $0.discarded = 0 }
            return true
        }
        let encoding = head["content-encoding"].flatMap { $0 == "identity" ? nil : $0 }
        state.withLock {
            $0.discarded = nil
            $0.fault = encoding.map(Fault.encoding) ?? fault
        }
        return self.fault == nil
    }

    /// Writes the chunk unless it goes beyond the blob.
    package func append(_ chunk: Data) -> Bool {
        let length = state.withLock { state -> Int64? in
            if let discarded = state.discarded {
                state.discarded = discarded + chunk.count
                return discarded + chunk.count <= Self.discardLimit ? state.file.length : nil
            }
            state.fault = take(chunk, &state.file)
            return state.fault == nil ? state.file.length : nil
        }
        if let length { progress(length) }
        return length != nil
    }

    private func take(_ chunk: Data, _ file: inout HashedFile) -> Fault? {
        guard Int64(chunk.count) <= size - file.length else { return .length(size + 1) }
        do throws(Errno) {
            try file.append(chunk)
            return nil
        } catch {
            return .file(error)
        }
    }

    private func lengthFault(_ head: ResponseHead) -> Fault? {
        guard let text = head["content-length"], let announced = Int64(text) else { return nil }
        return announced == size ? nil : .length(announced)
    }

    private func rangeFault(_ head: ResponseHead, from length: Int64) -> Fault? {
        guard let range = head["content-range"].flatMap(ContentRange.init), range.first == length,
            range.total ?? size == size, range.last < size
        else { return .range }
        return nil
    }

    private func resetFault() -> Fault? {
        do throws(Errno) {
            try reset()
            return nil
        } catch {
            return .file(error)
        }
    }
}
