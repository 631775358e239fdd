// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation
import Synchronization

/// Collects a short body in memory.
package final class MemoryBody: ResponseBody {
    /// In bytes.
    package let limit: Int
    private let bytes = Mutex<[UInt8]>([])

    /// An empty body.
    ///
    /// - Parameter limit: bytes that are kept; one more ends the transfer.
    package init(limit: Int) {
        self.limit = limit
    }

    /// What has come; one byte more than the limit where there was more.
    package var contents: [UInt8] { bytes.withLock { $0 } }

    /// Wants every body, and forgets the one before.
    package func begin(_ head: ResponseHead) -> Bool {
        bytes.withLock { $0 = [] }
        return true
    }

    /// Takes the chunk unless there is too much.
    package func append(_ chunk: Data) -> Bool {
        bytes.withLock { bytes in
            bytes.append(contentsOf: chunk.prefix(limit + 1 - bytes.count))
            return bytes.count <= limit
        }
    }
}
