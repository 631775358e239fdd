// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization

/// Buffers that one thread fills, a second may inspect and a third empties, in the same order and without
/// copying.
///
/// Unchecked: the semaphores hand each buffer and its count from one thread to the next, so never
/// do two threads have the same one; `isCancelled` is atomic.
@safe
final class BufferRing: @unchecked Sendable {
    /// Enough that no thread waits for a moment's delay of another.
    private static let count = 4
    /// Fits the second-level cache of a core, where the archive's reader finds it again.
    private static let size = 512 * 1024

    private let isInspected: Bool
    private let buffers: [UnsafeMutableRawBufferPointer]
    /// Not an array, which threads would share as a whole.
    private let filledCounts: UnsafeMutableBufferPointer<Int>
    private let empty = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)
    private let inspected = DispatchSemaphore(value: 0)
    private let isCancelled = Atomic<Bool>(false)
    private var filling = 0
    private var inspecting = 0
    private var emptying: Int?

    /// Empty buffers.
    ///
    /// - Parameter isInspected: whether there is a thread that calls `inspect`.
    init(isInspected: Bool) {
        self.isInspected = isInspected
        unsafe buffers = (0..<Self.count).map { _ in
            .allocate(byteCount: Self.size, alignment: 64)
        }
        unsafe filledCounts = .allocate(capacity: Self.count)
        unsafe filledCounts.initialize(repeating: 0)
        // Dispatch stops a program that drops a semaphore below the value it started with.
        for _ in 0..<Self.count { empty.signal() }
    }

    deinit {
        unsafe buffers.forEach { unsafe $0.deallocate() }
        unsafe filledCounts.deallocate()
    }

    /// On the filling thread: hands over one buffer.
    ///
    /// - Parameter body: fills the buffer; 0 bytes are the end.
    /// - Returns: false after the end, or where the emptying thread wants no more.
    func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) -> Bool {
        empty.wait()
        guard !isCancelled.load(ordering: .acquiring) else {
            // This may be no buffer's turn. Who inspects is to see the same.
            filled.signal()
            return false
        }
        let count = unsafe body(buffers[filling])
        unsafe filledCounts[filling] = count
        filling = (filling + 1) % Self.count
        (isInspected ? filled : inspected).signal()
        return count > 0
    }

    /// On the inspecting thread: hands on one buffer.
    ///
    /// - Parameter body: gets what is in it; nothing at the end.
    /// - Returns: false after the end, or where the emptying thread wants no more.
    func inspect(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        filled.wait()
        guard !isCancelled.load(ordering: .acquiring) else { return false }
        let count = unsafe filledCounts[inspecting]
        unsafe body(UnsafeRawBufferPointer(rebasing: buffers[inspecting][..<count]))
        inspecting = (inspecting + 1) % Self.count
        inspected.signal()
        return count > 0
    }

    /// On the emptying thread: takes the next buffer and gives the one before back.
    ///
    /// - Returns: bytes that stay until the next call; none at the end and after `cancel`, again and again.
    func next() -> UnsafeRawBufferPointer {
        let isOver = isCancelled.load(ordering: .acquiring)
        if isOver || emptying.map({ unsafe filledCounts[$0] == 0 }) ?? false {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let index = emptying.map { ($0 + 1) % Self.count } ?? 0
        if emptying != nil { empty.signal() }
        inspected.wait()
        emptying = index
        return unsafe UnsafeRawBufferPointer(rebasing: buffers[index][..<filledCounts[index]])
    }

    /// On the emptying thread: wants no more.
    func cancel() {
        isCancelled.store(true, ordering: .releasing)
        empty.signal()
    }
}
