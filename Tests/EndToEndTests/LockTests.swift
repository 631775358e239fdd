// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What `Cross.lock` says of an image counts, whatever becomes of the tag; and the store is what it was.
@Suite(.serialized) struct LockTests: ~Copyable {
    private let home: Home
    private let registry: PrivateRegistry
    private let crate: FilePath

    init() async throws {
        let home = try Home()
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        crate = try home.crate(image: registry.image)
        self.home = home
        self.registry = registry
    }

    /// Finds the target's root filesystem, as a build does.
    private func enter(_ words: [String] = []) async throws -> Outcome {
        try await util(["pull", "--target", "aarch64-unknown-linux-gnu"] + words)
    }

    private func util(_ words: [String]) async throws -> Outcome {
        try await home.run([home.machine.program("cross-util")] + words, in: crate)
    }

    private func locked() throws -> String {
        try String(contentsOfFile: crate.appending("Cross.lock").string, encoding: .utf8)
    }

    private func removeStore() async throws {
        _ = try await home.run(["/bin/rm", "-rf", home.store.string])
    }

    @Test func aLockedImageIsTheSameAfterTheTagHasMoved() async throws {
        #expect(try await enter().code == 0)
        let before = try locked()
        #expect(before.contains("reference = \"\(registry.image)\""))
        #expect(before.contains("targets = [\n    \"aarch64-unknown-linux-gnu\","))
        try await registry.replaceImage()
        try await removeStore()
        let outcome = try await enter(["--locked"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try locked() == before)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: home.store.appending("rootfs").string
        )
        #expect(names.count == 1)
        // What would change is shown and not written; then it is.
        let dry = try await util(["update", "--dry-run"])
        #expect(dry.code == 0 && dry.errors.contains("Updating"), "\(dry.errors)")
        #expect(try locked() == before)
        let update = try await util(["update"])
        #expect(update.code == 0, "\(update.errors)")
        #expect(try locked() != before)
        #expect(try await enter(["--frozen"]).code == 0)
    }

    @Test func whatIsNotLockedOrNotThereIsRefused() async throws {
        let unlocked = try await enter(["--locked"])
        #expect(unlocked.code == 125 && unlocked.errors.contains("Cross.lock does not say"))
        let offline = try await enter(["--offline"])
        #expect(offline.code == 125 && offline.errors.contains("is not in the store"))
        #expect(try await enter().code == 0)
        try await registry.stop()
        #expect(try await enter(["--frozen"]).code == 0)
        // What the registry has lost cannot be had again, and the store does not pretend.
        try await removeStore()
        let gone = try await enter(["--offline"])
        #expect(gone.code == 125 && gone.errors.contains("locked to the manifest sha256:"))
    }

    @Test func damageIsFoundAndMended() async throws {
        #expect(try await enter().code == 0)
        let sound = try await util(["store", "verify"])
        #expect(sound.code == 0, "\(sound.errors)")
        let damage = """
            file=$(find "$1/objects" -type f -size +100k | head -n 1)
            chmod u+w "$file" && printf x | dd of="$file" bs=1 seek=5 conv=notrunc status=none
            """
        _ = try await home.run(["/bin/sh", "-c", damage, "sh", home.store.string])
        let found = try await util(["store", "verify"])
        #expect(found.code == 1 && found.output.contains("/objects/"), "\(found.output)")
        let repair = try await util(["store", "repair"])
        #expect(repair.code == 0, "\(repair.errors)")
        let again = try await util(["store", "verify"])
        #expect(again.code == 0, "\(again.output)")
        #expect(try await enter(["--frozen"]).code == 0)
    }
}
