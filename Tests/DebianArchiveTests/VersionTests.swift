// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import DebianArchive

@Suite struct VersionTests {
    /// The corners of the order, and versions of the kinds that the archive has.
    private static let corners = [
        "0", "0.0", "00", "1", "01", "1.0", "1.00", "1.0-0", "1.0-1", "1.0-01", "0:1.0", "1:0",
        "9:0",
        "10:0", "1.0~", "1.0~~", "1.0~rc1", "1.0~rc1-1", "1.0+", "1.0+b1", "1.0a", "1.0A", "1.0Z",
        "1.0z",
        "1.0.", "1.0..1", "1.0-1-1", "1-1.0", "2.36-9", "2.36-9+deb12u10", "2.36-9+deb12u9",
        "1.2.3~bpo11+1",
        "20230101", "20230101.1", "1.18446744073709551616", "1.18446744073709551617",
        "1.2+really1.1-1",
        "7.2+dfsg-7+deb12u18+b3", "1.3.dfsg+really1.3.1-1+b1", "1.3.dfsg+really1.3.1-1+deb13u1",
        "1.0~~a", "1.0~a", "1a", "1a-", "1a1", "1.a", "1.+", "0~", "0~0", "0a~",
    ].filter { PackageVersion($0) != nil }

    @Test func orderIsThatOfDpkg() async throws {
        var generator = SystemRandomNumberGenerator()
        var pairs: [(String, String)] = []
        for (index, one) in Self.corners.enumerated() {
            for other in Self.corners[index...] where Int.random(in: 0..<2, using: &generator) == 0
            {
                pairs.append((one, other))
            }
        }
        for _ in 0..<400 { pairs.append((Self.random(&generator), Self.random(&generator))) }
        // Neighbours differ by little, which is where orders go wrong.
        for _ in 0..<400 {
            let version = Self.random(&generator)
            pairs.append((version, Self.changed(version, &generator)))
        }
        let answers = try await Self.dpkg(pairs)
        #expect(answers.count == pairs.count)
        for (pair, answer) in zip(pairs, answers) {
            let one = try #require(PackageVersion(pair.0))
            let other = try #require(PackageVersion(pair.1))
            #expect(one.order(against: other).signum() == answer, "\(pair)")
            #expect(other.order(against: one).signum() == -answer, "\(pair)")
        }
    }

    @Test(arguments: [
        "", "a", "1.0-", "-1", ":1", "1:", "a:1", "1:a", "1.0 ", "1/0", "1.0\n", "1..0/..",
        "1.0-1_1", "1;0",
        "1:2:3", "10000000000:1", "1é", "1\u{1b}[0m", "~1", "+1",
    ])
    func whatIsNoVersionIsRefused(text: String) {
        #expect(PackageVersion(text) == nil)
    }

    private static func random(_ generator: inout SystemRandomNumberGenerator) -> String {
        let pieces = [
            "1", "2", "0", "10", "9", "09", ".", "+", "~", "a", "b", "rc", "deb", "u", "Z", "~~",
            "..", "001",
        ]
        while true {
            var text =
                Bool.random(using: &generator) ? "" : "\(Int.random(in: 0..<3, using: &generator)):"
            text += "\(Int.random(in: 0..<4, using: &generator))"
            for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                text += pieces.randomElement(using: &generator) ?? ""
            }
            if Bool.random(using: &generator) {
                text += "-\(Int.random(in: 0..<3, using: &generator))"
                text += pieces.randomElement(using: &generator) ?? ""
            }
            if PackageVersion(text) != nil { return text }
        }
    }

    private static func changed(
        _ version: String,
        _ generator: inout SystemRandomNumberGenerator
    ) -> String {
        let tail = ["~", "+b1", "0", ".0", "a", "1"].randomElement(using: &generator) ?? ""
        return PackageVersion(version + tail) == nil ? version : version + tail
    }

    private static func dpkg(_ pairs: [(String, String)]) async throws -> [Int] {
        let script = """
            while read -r one other; do
                if dpkg --compare-versions "$one" lt "$other"; then echo -1
                elif dpkg --compare-versions "$one" eq "$other"; then echo 0
                else echo 1; fi
            done
            """
        let input = pairs.map { "\($0.0) \($0.1)\n" }.joined()
        let output = try await Program("sh", "-c", script, input: input).check()
        return output.split(separator: "\n").compactMap { Int($0) }
    }
}
