// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization
import SystemPackage

/// The objects of one layer on their way into the store.
///
/// Small ones are made by other threads while the layer is read on; `finish` waits for them.
final class LayerObjects: Sendable {
    /// What was staged of a layer.
    struct Staged: Sendable {
        /// Where they are made that no other layer makes at the same time.
        let staging: ObjectStaging
        /// Those there.
        var objects: [ObjectName] = []
        /// Those beside the layer's index.
        var copies: [ObjectName] = []
    }

    private struct State {
        var staged: Staged
        var batches = 0
        var failure: StoreError?
        var isCancelled = false
    }

    private let staging: ObjectStaging
    private let maker: ObjectMaker
    /// The layer's own directory.
    private let place: OwnedDescriptor
    private let working = DispatchGroup()
    private let state: Mutex<State>

    init(in staging: ObjectStaging, by maker: ObjectMaker, place: consuming OwnedDescriptor) {
        self.staging = staging
        self.maker = maker
        self.place = place
        state = Mutex(State(staged: Staged(staging: staging)))
    }

    /// Starts the file of an object that is too large to be kept in memory; one at a time.
    func makeContent() throws(StoreError) -> OwnedDescriptor {
        try OwnedDescriptor(
            opening: StoreLayout.stagedContent,
            in: place,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
            mode: 0o600
        )
    }

    /// Takes the file, which has all of the object but its metadata.
    func take(
        _ content: consuming OwnedDescriptor,
        as object: ObjectName,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        guard !staging.isInStore(object) else { return try dropContent() }
        try content.apply(metadata)
        try staging.take(StoreLayout.stagedContent, of: place, as: object)
        content.beginWriting()
        state.withLock { $0.staged.objects.append(object) }
    }

    /// Removes the file: the layer has the same one already.
    func dropContent() throws(StoreError) { try place.unlink(StoreLayout.stagedContent) }

    /// Has those of the small objects made that the store lacks; each comes once in a layer.
    ///
    /// - Throws: what went wrong with some that came earlier.
    func make(_ batch: [SmallObject]) throws(StoreError) {
        let (number, failure) = state.withLock { state in
            state.batches += 1
            return (state.batches, state.failure)
        }
        if let failure { throw failure }
        maker.run(number, of: working) { [self] in
            do throws(StoreError) {
                try makeNow(batch)
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    /// Waits until all objects are made.
    ///
    /// - Throws: what went wrong.
    func finish() throws(StoreError) -> Staged {
        working.wait()
        let (staged, failure) = state.withLock { ($0.staged, $0.failure) }
        if let failure { throw failure }
        return staged
    }

    /// Makes no more, and waits until nothing is being made.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        working.wait()
    }

    private func makeNow(_ batch: [SmallObject]) throws(StoreError) {
        guard state.withLock({ $0.failure == nil && !$0.isCancelled }) else { return }
        var made = Staged(staging: staging)
        for object in batch where !staging.isInStore(object.name) {
            if try staging.make(object, orIn: place) {
                made.objects.append(object.name)
            } else {
                made.copies.append(object.name)
            }
        }
        state.withLock { [made] state in
            state.staged.objects += made.objects
            state.staged.copies += made.copies
        }
    }
}
