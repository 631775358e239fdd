// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation

/// The queue that a session calls its delegate on, with an end to the line.
///
/// URLSession on Linux reads from the network as fast as it can and appends a block for each chunk:
/// with a slow disk, memory fills. Its `suspend()` is no cure, as it drops the connection. Here it
/// waits for a place instead; nothing is read meanwhile, and TCP slows the sender down.
///
/// The blocks run on a serial dispatch queue: a chunk has 16 KiB at most, and an operation for each
/// would cost more than what is done with it.
///
/// `@unchecked` restates what the superclass says; the only state added is a semaphore.
final class TransferQueue: OperationQueue, @unchecked Sendable {
    // libcurl hands out at most 16 KiB at a time, so this is 4 MiB.
    private let places = DispatchSemaphore(value: 256)
    private let blocks = DispatchQueue(label: "transfers")

    override func addOperation(_ block: @escaping @Sendable () -> Void) {
        places.wait()
        blocks.async { [places] in
            block()
            places.signal()
        }
    }
}
