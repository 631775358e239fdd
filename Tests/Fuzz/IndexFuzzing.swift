// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe

@testable import DebianArchive

/// Reads one of the texts of a Debian archive; the first byte says which.
func fuzzIndex(_ bytes: [UInt8]) {
    var rest = bytes[...]
    let choice = first(of: &rest)
    let text = Array(rest)
    switch choice % 6 {
    case 0, 1: readPackages(text)
    case 2:
        let now = ReleaseDate(seconds: 1_783_765_597)
        guard let release = try? ReleaseFile(text, suite: "bookworm", now: now) else { return }
        let suite = Suite(.debian, "bookworm")
        for form in IndexFile.forms("main", "amd64", of: suite, in: release) {
            promise(form.file.size >= 0, "sizes are such as can be")
        }
    case 3:
        for paragraph in (try? ControlParagraph.read(text, allowsComments: true)) ?? [] {
            let field = paragraph.fields.first
            promise(field.map { paragraph[$0.name] == $0.value } ?? true, "a field is found again")
        }
        _ = try? PackageControl(text)
    case 4:
        let text = String(decoding: text, as: UTF8.self)
        if let list = try? Dependency.list(text, field: "Depends") {
            promise(!list.contains { $0.alternatives.isEmpty }, "a dependency is on something")
        }
        compareVersions(text)
    default:
        _ = Armour.isArmoured(text)
        _ = Armour.keys(String(decoding: text, as: UTF8.self))
        _ = SignatureStatus(String(decoding: text, as: UTF8.self)).fault(refused: [])
    }
}

private func readPackages(_ text: [UInt8]) {
    guard let index = try? PackageIndex(text, archive: .debian, suite: "bookworm") else { return }
    for number in 0..<min(index.count, 20) {
        let package = index[number]
        let path = package.path.split(separator: "/", omittingEmptySubsequences: false)
        promise(!path.contains { ["", ".", ".."].contains($0) }, "a package is below the archive")
        promise(package.size >= 0, "sizes are such as can be")
        for field in RelationField.allCases { _ = try? package.relations(field) }
        _ = package.value(of: "Description")
    }
    guard index.count > 0,
        let resolver = try? Resolver(native: "amd64", foreign: ["arm64"], indexes: [index]),
        let closure = try? resolver.closure(of: [index[0].name])
    else { return }
    promise(closure.count <= index.count, "a closure has each package once")
}

/// An order is one: whatever is on one side is not on the other.
private func compareVersions(_ text: String) {
    let versions = text.split(separator: " ").prefix(3).compactMap { PackageVersion(String($0)) }
    for one in versions {
        promise(one.order(against: one) == 0, "a version is where it is: \(one)")
        for other in versions {
            let (there, back) = (one.order(against: other), other.order(against: one))
            promise(there.signum() == -back.signum(), "\(one) and \(other) have an order")
            for third in versions where there > 0 && other.order(against: third) > 0 {
                promise(one.order(against: third) > 0, "\(one), \(other), \(third) have an order")
            }
        }
    }
}

func indexSeeds() -> [[UInt8]] {
    let digest = Digest.of([]).hex
    func paragraph(_ name: String, _ more: String) -> String {
        """
        Package: \(name)
        Version: 1:2.0-3
        Architecture: amd64
        Filename: pool/main/a/\(name)/\(name)_2.0-3_amd64.deb
        Size: 12
        SHA256: \(digest)
        \(more)

        """
    }
    let packages =
        paragraph(
            "one",
            "Depends: two (>= 1.0) | three:any,\n four [amd64] <!nocheck>\nEssential: yes"
        )
        + "\n" + paragraph("two", "Provides: three (= 2), five\nMulti-Arch: same\nConflicts: six")
        + "\n" + paragraph("four", "Breaks: two (<< 0)\nPriority: required\nPre-Depends: one")
    let release = """
        Suite: oldstable
        Codename: bookworm
        Date: Sat, 11 Jul 2026 10:16:37 UTC
        Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC
        Acquire-By-Hash: yes
        No-Support-for-Architecture-all: Packages
        Snapshots: https://snapshot.example.org/archive/debian/@SNAPSHOTID@/
        Architectures: all amd64 arm64
        SHA256:
         \(digest)      5 main/binary-amd64/Packages.xz
         \(digest)      9 main/binary-amd64/Packages.gz

        """
    return [
        (0, packages), (2, release), (3, release), (3, "# no\n" + packages),
        (4, "1:1.0~rc1-1+b2 1.0 0:1.00-0"),
        (4, "two (>= 1.0) | three:any, four [amd64 !arm64] <!a b>"),
        (
            5,
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n=AAAA\n-----END PGP PUBLIC KEY BLOCK-----\n"
        ),
        (5, "[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG AB x\n[GNUPG:] VALIDSIG A 2 3 4 5 6 7 8 9 10 B\n"),
    ].map { [$0.0] + Array($0.1.utf8) }
}
