// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import SystemPackage
import Testing

@testable import cross

@Suite struct CrossLockTests {
    private static func lock(_ version: String = "1:12.2.0-14+deb12u1~x") -> RecipeLock {
        RecipeLock(
            recipe: .of(Array("recipe".utf8)),
            releases: [
                .init(suite: "bookworm", archive: .debian, date: 1_783_764_997, snapshots: nil),
                .init(
                    suite: "bookworm-security",
                    archive: .security,
                    date: 1_795_040_261,
                    snapshots: "https://snapshots.example/@SNAPSHOTID@/"
                ),
            ],
            packages: [
                LockedPackage(
                    name: "libstdc++6",
                    version: version,
                    architecture: "arm64",
                    suite: "bookworm",
                    path: "pool/main/g/gcc-12/libstdc++6_12.2.0-14_arm64.deb",
                    size: 574_832,
                    digest: .of(Array("package".utf8))
                )
            ]
        )
    }

    private static func entry(_ target: String, _ lock: RecipeLock = lock()) -> CrossLock.Entry {
        .init(target: target, platform: "linux/amd64", lock: lock)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var lock = CrossLock()
        lock.set(Self.entry("b"))
        lock.set(Self.entry("a \"quoted\\"))
        let again = try CrossLock(lock.text, file: "Cross.lock")
        #expect(again == lock)
        #expect(again.entries.map(\.target) == ["a \"quoted\\", "b"])
    }

    @Test func anEntryIsReplacedAndTheOthersStay() throws {
        var lock = CrossLock()
        lock.set(Self.entry("a"))
        lock.set(Self.entry("b"))
        lock.set(Self.entry("a", Self.lock("2")))
        #expect(lock.entries.count == 2)
        #expect(lock.lock("a", "linux/amd64")?.packages.first?.version == "2")
        #expect(lock.lock("b", "linux/amd64") == Self.lock())
        #expect(lock.lock("b", "linux/arm64") == nil)
    }

    @Test(arguments: [
        ("linux/amd64\"", "linux/amd64\"\nrecipe = \"x\""), ("574832", "many"),
        ("sha256:", "md5:"), ("version = 1", "version = 2"), ("packages = [", "package = ["),
        ("arm64 bookworm", "arm64bookworm"), ("debian-security", "elsewhere"),
    ])
    func aDamagedFileIsAnError(text: String, replacement: String) throws {
        var lock = CrossLock()
        lock.set(Self.entry("a"))
        let damaged = lock.text.replacing(text, with: replacement)
        #expect(damaged != lock.text)
        #expect(throws: CrossLockError.self) { try CrossLock(damaged, file: "Cross.lock") }
    }
}
