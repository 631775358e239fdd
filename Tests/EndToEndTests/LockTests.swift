// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import SystemPackage
import Testing

/// What `Cross.lock`, its flags and the commands of the store mean to who types them.
@Suite(.serialized) struct LockTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private static let other = "x86_64-unknown-linux-gnu"
    private let home: Home
    private let registry: PrivateRegistry
    private let project: FilePath

    init() async throws {
        let home = try Home()
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        project = try home.project(
            [Self.triple, Self.other].map { "[target.\($0)]\nimage = \"\(registry.image)\"\n" }
                .joined()
        )
        self.home = home
        self.registry = registry
    }

    private func util(
        _ words: String...,
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program("cross-util")] + words,
            in: project,
            environment: environment
        )
    }

    private func pull(
        _ words: String...,
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program("cross-util"), "pull", "--target", Self.triple] + words,
            in: project,
            environment: environment
        )
    }

    private func shell(_ line: String) async throws -> String {
        let outcome = try await home.run(["/bin/bash", "-c", line])
        #expect(outcome.code == 0, "\(line): \(outcome.errors)")
        return outcome.output
    }

    private func lock() throws -> String {
        try String(contentsOfFile: project.appending("Cross.lock").string, encoding: .utf8)
    }

    /// What the variable is in the image that the store has under the tag.
    private func recorded(_ text: String) async throws -> Bool {
        try await shell("grep -rl '\(text)' store/images/*/small/:latest || true") != ""
    }

    @Test func aTagThatMovesStaysUntilItIsUpdated() async throws {
        let unlocked = try await pull("--locked")
        #expect(unlocked.code == 125, "\(unlocked.errors)")
        #expect(unlocked.errors.contains("Cross.lock"), "\(unlocked.errors)")
        let absent = try await pull("--offline")
        #expect(absent.code == 125 && absent.errors.contains("offline"), "\(absent.errors)")
        let first = try await pull()
        #expect(first.code == 0 && first.errors.contains("Locking"), "\(first.errors)")
        let before = try lock()
        #expect(try await pull("--frozen").errors.isEmpty)

        // Elsewhere, and here without the store: what was locked comes, not what the tag says now.
        try await registry.replaceImage(with: "MARK=moved")
        _ = try await shell("rm -rf store")
        let again = try await pull("--locked")
        #expect(again.code == 0, "\(again.errors)")
        #expect(try lock() == before)
        #expect(try await !recorded("MARK=moved"))

        let dry = try await util("update", "--dry-run")
        #expect(dry.code == 0 && dry.errors.contains("Updating \(registry.image) sha256:"))
        #expect(try lock() == before)
        let update = try await util("update", Self.triple)
        #expect(update.code == 0 && update.errors.contains("Locking"), "\(update.errors)")
        #expect(try lock() != before)
        #expect(try await recorded("MARK=moved"))
        #expect(try await util("update").errors.contains("Unchanged"))

        // Who checks the older lock out has the older image, without any network.
        try before.write(
            toFile: project.appending("Cross.lock").string,
            atomically: true,
            encoding: .utf8
        )
        #expect(try await pull("--frozen").code == 0)
        // A lock that nobody can fulfil is no build in something else.
        let wrong = before.replacing("settings = \"sha256:", with: "settings = \"sha256:00")
            .replacing(#/(settings = "sha256:[0-9a-f]{64})[0-9a-f]{2}"/#) { "\($0.output.1)\"" }
        try wrong.write(
            toFile: project.appending("Cross.lock").string,
            atomically: true,
            encoding: .utf8
        )
        let refused = try await pull("--locked")
        #expect(refused.code == 125 && refused.errors.contains("locked"), "\(refused.errors)")
    }

    @Test func severalTargetsArePulledAtOnceAndEachBlobOnce() async throws {
        let outcome = try await util(
            "pull",
            "--target",
            Self.triple,
            "--target",
            Self.other,
            "--progress",
            "json"
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        let layers = Set(
            try registry.layerFiles().prefix(2).compactMap {
                $0.removingLastComponent().lastComponent?.string
            }
        )
        let counts = try registry.requests().filter { layers.contains($0.key) }
        #expect(counts.count == 2 && counts.values.allSatisfy { $0 == 1 }, "\(counts)")
        for line in outcome.errors.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["event"] is String, "\(line)")
        }
        #expect(outcome.errors.contains("\"step\":\"done\""), "\(outcome.errors)")
        let lock = try lock()
        #expect(lock.contains("reference = \"\(registry.image)\""))
        #expect(
            [Self.triple, Self.other].allSatisfy { lock.contains("    \"\($0)\",") },
            "\(lock)"
        )
    }

    @Test func targetsThatAreLockedAtOnceAreAllInTheFile() async throws {
        #expect(try await pull().code == 0)
        let pull = "\(home.machine.program("cross-util")) pull --quiet --target"
        let script = """
            rm Cross.lock
            \(pull) \(Self.triple) & first=$!
            \(pull) \(Self.other) & wait $! && wait $first
            """
        for _ in 0..<8 {
            let outcome = try await home.run(["/bin/bash", "-c", script], in: project)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let lock = try lock()
            #expect(
                [Self.triple, Self.other].allSatisfy { lock.contains("    \"\($0)\",") },
                "\(lock)"
            )
        }
    }

    @Test func aStoreIsVerifiedMendedMovedStackedAndEmptied() async throws {
        #expect(try await pull().code == 0)
        #expect(try await util("store", "verify").code == 0)
        _ = try await shell(
            """
            file=$(find store/objects -size +2M -print -quit)
            chmod u+w "$file"; printf x | dd of="$file" conv=notrunc status=none
            """
        )
        let damaged = try await util("store", "verify")
        #expect(
            damaged.code != 0 && (damaged.output + damaged.errors).contains("store/objects/"),
            "\(damaged.errors)"
        )
        #expect(try await util("store", "repair").code == 0)
        #expect(try await util("store", "verify").code == 0)
        #expect(try await pull("--offline").code == 0)

        // Moved, and from then on only read, by a user who may not write to it.
        try await registry.stop()
        _ = try await shell("mv store shared; chmod -R a-w shared")
        let shared = home.path.appending("shared").string
        let moved = try await pull("--frozen", environment: ["CROSS_STORE": shared])
        #expect(moved.code == 0, "\(moved.errors)")
        let stacked = try await pull("--frozen", environment: ["CROSS_STORE_RO": shared])
        #expect(stacked.code == 0, "\(stacked.errors)")
        #expect(try await shell("find store/rootfs -mindepth 1 | wc -l") == "0\n")
        let exported = try await util(
            "export",
            registry.image,
            "-o",
            "image.tar",
            environment: ["CROSS_STORE_RO": shared]
        )
        #expect(exported.code == 0, "\(exported.errors)")

        _ = try await shell("chmod -R u+w shared; rm -rf store; mv shared store")
        #expect(try await util("store", "list").output.contains("small:latest"))
        #expect(try await util("store", "df", "--format", "json").output.contains("\"total\""))
        #expect(try await util("store", "prune", "--keep", "30d").code == 0)
        #expect(try await pull("--offline").code == 0)
        #expect(try await util("store", "clear").code == 0)
        #expect(try await shell("find store/objects -type f | wc -l") == "0\n")
        #expect(try await pull("--offline").code == 125)
    }

    /// Nothing that a build has begun with is taken away from it.
    @Test func theStoreIsPrunedBesideThoseWhoFillAndUseIt() async throws {
        let outcome = try await home.run(
            [
                "/bin/bash", "-c",
                """
                for i in 1 2 3 4 5 6; do "$0" pull -q "$1" || echo failed; done &
                for i in 1 2 3 4 5 6; do "$0" store prune -q; "$0" store clear -q; done
                wait; "$0" pull -q "$1" && "$0" store verify -q >/dev/null
                """, home.machine.program("cross-util"), registry.image,
            ]
        )
        #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.output)\(outcome.errors)")
    }
}
