// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Foundation
import OCILayer
import OCIStore
import StoreTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import cross_fetch

/// Which layers are under way, and how many at once.
@Suite struct LayerPipelineTests {
    private static let sizes: [Int64] = [3, 90, 1, 60, 5, 200, 7, 40, 2, 80]

    /// What takes longest is not to be begun last, with everything else done.
    @Test func theLargestLayerComesFirst() async throws {
        let seen = try await run(parallelFetches: 1, unpackings: 1)
        #expect(seen.fetched == Self.sizes.sorted(by: >))
        #expect(seen.mostFetched == 1)
    }

    @Test func noMoreAreFetchedAtOnceThanTheOtherSideServes() async throws {
        let seen = try await run(parallelFetches: 4, unpackings: 1)
        #expect(Set(seen.fetched.prefix(4)) == [200, 90, 80, 60])
        #expect(seen.mostFetched == 4)
    }

    /// Each has a decoder's memory, and two keep each other's processor busy where there is one.
    @Test func asManyAreUnpackedAtOnceAsThereAreProcessorsFourAtMost() async throws {
        let most = min(max(2, ProcessInfo.processInfo.activeProcessorCount), 4)
        let seen = try await run(parallelFetches: 8, unpackings: most)
        #expect(seen.mostUnpacked == most)
        #expect(seen.unpacked == Self.sizes.count)
    }

    private func run(parallelFetches: Int, unpackings: Int) async throws -> Watch {
        let directory = try TemporaryDirectory()
        let store = try Store(at: directory.path.appending("store"))
        let source = WatchedSource(fetches: parallelFetches, unpackings: unpackings)
        let finished = try FinishedLayers(in: store)
        defer { finished.discard() }
        try await LayerPipeline(
            from: source,
            parallelFetches: parallelFetches,
            into: finished,
            of: store,
            progress: Progress(Console(verbosity: .quiet, choice: .never, environment: [:]))
        ).run(Self.sizes.map { WatchedLayer(size: $0) })
        #expect(finished.count == Self.sizes.count)
        return source.watch.withLock { $0 }
    }
}

private struct WatchedLayer: MissingLayer {
    let size: Int64

    var blob: Digest { .of(Array("blob \(size)".utf8)) }
    var key: Digest { .of(Array("layer \(size)".utf8)) }
}

/// What was seen of a pipeline.
private struct Watch {
    /// The sizes, in the order in which they were asked for.
    var fetched: [Int64] = []
    var unpacked = 0
    var fetching = 0
    var unpacking = 0
    var mostFetched = 0
    var mostUnpacked = 0
}

/// Layers of which the first ones wait until as many are under way together as are expected, and then for those
/// that should not be.
private final class WatchedSource: LayerSource {
    private static let moment = 0.05
    private static let patience = Duration.seconds(20)

    let watch = Mutex(Watch())
    let unpacksWhileFetching = true
    private let fetches: Int
    private let unpackings: Int
    private let end = ContinuousClock.now + patience

    init(fetches: Int, unpackings: Int) {
        self.fetches = fetches
        self.unpackings = unpackings
    }

    private func waits(for number: Int, _ most: KeyPath<Watch, Int>) -> Bool {
        watch.withLock { $0[keyPath: most] } < number && ContinuousClock.now < end
    }

    func fetch(
        _ layer: WatchedLayer,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StoreError) {
        watch.withLock {
            $0.fetched.append(layer.size)
            $0.fetching += 1
            $0.mostFetched = max($0.mostFetched, $0.fetching)
        }
        repeat {
            try? await Task.sleep(for: .seconds(Self.moment))
        } while waits(for: fetches, \.mostFetched)
        watch.withLock { $0.fetching -= 1 }
    }

    func unpack(
        _ layer: WatchedLayer,
        from path: FilePath,
        arrival: ArrivingBlob?,
        into staged: StagedLayers,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(StoreError) {
        watch.withLock {
            $0.unpacking += 1
            $0.mostUnpacked = max($0.mostUnpacked, $0.unpacking)
        }
        repeat {
            Thread.sleep(forTimeInterval: Self.moment)
        } while waits(for: unpackings, \.mostUnpacked)
        watch.withLock {
            $0.unpacking -= 1
            $0.unpacked += 1
        }
    }

    func isLasting(_ failure: StoreError) -> Bool { true }

    func failure(_ error: StoreError) -> StoreError { error }
}
