// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import SystemPackage

/// Layers that are finished and not yet visible; they become so together, after one syncfs(2).
///
///     tmp/<unique>/N        objects of layers that are written at the same time
///     tmp/<unique>/N/index  what a layer says
///     tmp/<unique>/N/frame  how its archive says it
///     tmp/<unique>/N/…      objects of it that another layer has, too
///     tmp/<unique>/N        a root filesystem of them
///
/// Several threads may write layers at once. What is dropped before it is published leaves nothing.
public final class StagedLayers: Sendable {
    private struct State {
        var count = 0
        var finished: [StagedLayer] = []
        /// Where layers that begin now have their objects.
        var objects: ObjectStaging?
        /// Of each place for objects, how many layers are begun and not finished.
        var unfinished: [PathBytes: Int] = [:]
    }

    let layout: StoreLayout
    /// The places of layers are relative to its directory.
    let staging: Staging
    let maker = ObjectMaker()
    private let state = Mutex(State())
    /// Held while layers become visible: two threads may publish at once.
    private let publishing = Mutex(())

    /// No layer yet.
    ///
    /// - Throws: `StoreError.system`.
    public init(in store: Store) throws(StoreError) {
        layout = store.layout
        staging = try Staging(in: store)
    }

    /// The name of a place for something new, which is still to be made.
    func freshPlace() -> PathBytes {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        return PathBytes(spelled: "\(number)")
    }

    /// A layer begins.
    ///
    /// - Returns: where its objects go.
    /// - Throws: `StoreError.system`.
    func begin() throws(StoreError) -> ObjectStaging {
        let place = freshPlace()
        let result = state.withLock { state in
            Result { () throws(StoreError) in
                let objects =
                    if let objects = state.objects {
                        objects
                    } else {
                        try ObjectStaging(place, in: staging, of: layout)
                    }
                state.objects = objects
                state.unfinished[objects.place, default: 0] += 1
                return objects
            }
        }
        return try result.get()
    }

    /// Takes a layer of which everything is written.
    func add(_ layer: consuming StagedLayer) {
        let layer = layer
        state.withLock { state in
            state.finished.append(layer)
            state.unfinished[layer.staged.staging.place, default: 0] -= 1
        }
    }

    /// Makes the finished layers visible.
    ///
    /// - Throws: `StoreError.system`; none of their indexes is visible then, or some are, each with
    ///   all of its objects.
    public func publish() throws(StoreError) {
        let result = publishing.withLock { _ in
            Result { () throws(StoreError) in
                let publication = take()
                if !publication.isEmpty { try publication.run() }
            }
        }
        try result.get()
    }

    /// Removes what was not published, and the place of all of it.
    ///
    /// To be called when no thread stages anything any more. Without it that goes with the last
    /// reference, if the process lives so long.
    public func discard() { staging.remove() }

    /// The finished layers, which are the caller's to publish; those that begin later have their objects
    /// elsewhere.
    func take() -> LayerPublication {
        state.withLock { state in
            defer { (state.finished, state.objects) = ([], nil) }
            // Where a layer is still written, or was given up, there may be objects that are not whole.
            let isWhole = { (staging: ObjectStaging) in
                state.unfinished[staging.place] == 0
            }
            return LayerPublication(state.finished, of: self, isWhole: isWhole)
        }
    }
}

/// A layer of which everything is written, in the place of a `StagedLayers`.
struct StagedLayer: Sendable {
    /// The diff ID, or the digest that stands for it.
    let key: Digest
    let place: PathBytes
    /// Whether the frame of its archive was kept.
    let isFramed: Bool
    /// The contents that the store lacked.
    let staged: LayerObjects.Staged

    /// Relative to the staging directory.
    var index: PathBytes { place.appending(StoreLayout.stagedIndex) }

    /// Relative to the staging directory.
    var frame: PathBytes { place.appending(StoreLayout.stagedFrame) }

    /// Relative to the staging directory.
    func copy(of object: ObjectName) -> PathBytes {
        place.appending(StoreLayout.stagedObject(object))
    }
}
