// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Synchronization

/// Collects a short body in memory.
final class MemoryBody: ResponseBody {
    let limit: Int
    private let bytes = Mutex<[UInt8]>([])

    /// - Parameter limit: bytes that are kept; one more ends the transfer.
    init(limit: Int) {
        self.limit = limit
    }

    /// What has come; one byte more than the limit where there was more.
    var contents: [UInt8] { bytes.withLock { $0 } }

    func begin(_ head: ResponseHead) -> Bool {
        bytes.withLock { $0 = [] }
        return true
    }

    func append(_ chunk: Data) -> Bool {
        bytes.withLock { bytes in
            bytes.append(contentsOf: chunk.prefix(limit + 1 - bytes.count))
            return bytes.count <= limit
        }
    }
}
