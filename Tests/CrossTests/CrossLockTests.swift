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

    private static func image(_ seed: String, index: Bool = true) -> ImageLock {
        func digest(_ text: String) -> Digest { .of(Array("\(seed) \(text)".utf8)) }
        return ImageLock(
            index: index ? digest("index") : nil,
            manifest: digest("manifest"),
            configuration: digest("configuration"),
            settings: digest("settings"),
            diffIDs: [digest("1"), digest("2")]
        )
    }

    private static func reference(_ tag: String) throws -> ImageReference {
        try ImageReference("r.example/x:\(tag)")
    }

    @Test func imagesAreReadAgainBesideRecipes() throws {
        var lock = CrossLock()
        lock.set(Self.entry("a"))
        lock.set(
            Self.image("b", index: false),
            of: try Self.reference("2"),
            "linux/amd64",
            for: "t"
        )
        lock.set(Self.image("a"), of: try Self.reference("1"), "linux/amd64", for: "t")
        lock.set(Self.image("a"), of: try Self.reference("1"), "linux/amd64", for: "s")
        let again = try CrossLock(lock.text, file: "Cross.lock")
        #expect(again == lock)
        #expect(again.images.map(\.targets) == [["s", "t"], ["t"]])
        #expect(again.image(try Self.reference("1"), "linux/amd64")?.lock == Self.image("a"))
        #expect(again.image(try Self.reference("1"), "linux/arm64") == nil)
        #expect(again.targets("linux/amd64") == ["a", "s", "t"])
    }

    @Test func anImageThatNoTargetIsBuiltInIsForgotten() throws {
        var lock = CrossLock()
        let (old, new) = (try Self.reference("old"), try Self.reference("new"))
        for target in ["s", "t"] {
            lock.set(Self.image("a"), of: old, "linux/amd64", for: target)
        }
        lock.set(Self.image("b"), of: new, "linux/amd64", for: "t")
        lock.keepOnly(new, "linux/amd64", of: "t")
        #expect(lock.images.map(\.targets) == [["t"], ["s"]])
        lock.set(Self.image("b"), of: new, "linux/amd64", for: "s")
        lock.keepOnly(new, "linux/amd64", of: "s")
        #expect(lock.images.map(\.reference) == [new])
    }

    @Test(arguments: [
        ("manifest = ", "manifests = "), ("sha256:", "sha512:"), ("diff-ids = [", "diff = ["),
        ("r.example/x", "r.example/X"), ("index = \"sha256:", "index = \"sha256:x"),
    ])
    func aDamagedImageIsAnError(text: String, replacement: String) throws {
        var lock = CrossLock()
        lock.set(Self.image("a"), of: try Self.reference("1"), "linux/amd64", for: "t")
        let damaged = lock.text.replacing(text, with: replacement)
        #expect(damaged != lock.text)
        #expect(throws: CrossLockError.self) { try CrossLock(damaged, file: "Cross.lock") }
    }

    @Test func anUpdateSaysWhatChanges() throws {
        let packages = LockChange(of: "t", from: Self.lock("1"), to: Self.lock("2"))
        #expect(
            packages.lines == [
                .init(verb: "Updating", text: "libstdc++6:arm64 1 -> 2"),
                .init(verb: "Changed", text: "1 of 1 packages for t"),
            ]
        )
        let same = LockChange(of: "t", from: Self.lock("1"), to: Self.lock("1"))
        #expect(same.lines.map(\.verb) == ["Unchanged"])
        let (old, new) = (Self.image("a"), Self.image("b"))
        let image = LockChange(of: try Self.reference("1"), from: old, to: new)
        #expect(
            image.lines == [
                .init(
                    verb: "Updating",
                    text: "r.example/x:1 \(old.manifest) -> \(new.manifest), 2 new layers"
                )
            ]
        )
        #expect(
            LockChange(of: try Self.reference("1"), from: nil, to: new).lines.map(\.verb)
                == ["Adding"]
        )
    }
}
