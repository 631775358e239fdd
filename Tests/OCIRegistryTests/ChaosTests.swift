// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Download
import Foundation
import OCILayer
import OCIStore
import ServerTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import OCIRegistry
@testable import cross_fetch

extension RegistrySuites {
    /// Whole pulls from a registry that fails at random: each ends in the right tree or the right error.
    @Suite struct ChaosTests {
        /// How many seeds: `CROSS_CHAOS_SEEDS`, else a sample; they begin at `CROSS_CHAOS_FIRST`, else
        /// anywhere.
        private static var seeds: [UInt64] {
            let environment = ProcessInfo.processInfo.environment
            let count = environment["CROSS_CHAOS_SEEDS"].flatMap { UInt64($0) } ?? 20
            let first =
                environment["CROSS_CHAOS_FIRST"].flatMap { UInt64($0) }
                ?? UInt64.random(in: 0..<1 << 40)
            return (0..<count).map { first + $0 }
        }

        @Test func everySeedEndsInTheRightTreeOrTheRightError() async throws {
            let seeds = Self.seeds
            var counts: [String: Int] = [:]
            for seed in seeds {
                let registry = ChaosRegistry(seed: seed)
                let (outcome, details) = try await outcome(registry)
                let expected = registry.lie?.outcomes ?? ["whole"]
                #expect(
                    expected.contains(outcome),
                    "seed \(seed), lie \(registry.lie?.rawValue ?? "none"): \(details)"
                )
                counts[outcome, default: 0] += 1
            }
            let summary = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            print(
                "chaos: seeds \(seeds[0])…\(seeds[seeds.count - 1]): \(summary.joined(separator: ", "))"
            )
        }

        /// What a pull came to: `whole`, or the name of its error.
        private func outcome(_ registry: ChaosRegistry) async throws -> (String, details: String) {
            let directory = try TemporaryDirectory()
            let server = try ScriptedServer { registry.answer($0) }
            let reference = try ImageReference("127.0.0.1:\(server.port)/test/image")
            let path = directory.path.appending("store")
            var pull = Pull(
                reference: reference,
                platform: ImageFixture.platform,
                store: path,
                environment: [:],
                console: Console(verbosity: .quiet, choice: .never, environment: [:])
            )
            pull.stall = 1
            pull.retries = RetryPolicy(
                attempts: 6,
                firstPause: .milliseconds(1),
                longestPause: .milliseconds(5)
            )
            do throws(PullError) {
                try await pull.run()
            } catch {
                let store = try Store(at: path)
                #expect(try store.image(reference, platform: ImageFixture.platform) == nil)
                #expect(
                    try FileManager.default
                        .contentsOfDirectory(atPath: path.appending("rootfs").string).isEmpty
                )
                return (name(of: error), "\(error)")
            }
            let store = try Store(at: path)
            let record = try #require(try store.image(reference, platform: ImageFixture.platform))
            guard let lease = try store.rootfs(record.chainID) else {
                return ("no root", "")
            }
            let root = lease.path
            for index in 0..<3 {
                let bytes = try directory.read(root.appending("file\(index)"))
                guard bytes == Array(ChaosRegistry.text(index).utf8) else {
                    return ("other bytes", "file\(index)")
                }
            }
            let shared = try directory.read(root.appending("shared"))
            return (shared == Array("2".utf8) ? "whole" : "other order", "")
        }

        private func name(of error: PullError) -> String {
            let inner: Any =
                switch error {
                case .registry(let error): error
                case .layer(_, let error): error
                case .store(let error): error
                default: error
                }
            return String("\(inner)".prefix { $0 != "(" }.split(separator: ".").last ?? "")
        }
    }
}
