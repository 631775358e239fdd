// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport
import Testing

@testable import Dockerfile

@Suite struct HostileTests {
    private static let seed = """
        # escape=\\
        ARG A=1
        FROM --platform=linux/amd64 image:$A AS one
        ENV B="x $A" C=${A:-${B%%y}} \\
          # between
          D='z'
        ARG E=${B//x/y}
        RUN --mount=type=cache,target=/c,sharing=locked --network=none <<-EOF cat 3<<'F'
        \ta
        \tEOF
        b
        F
        COPY --from=one --chmod=u+x,go-w <<G [a-z]*.rs /d/
        $B
        G
        ADD --checksum=sha256:00 https://x.example/y /z
        WORKDIR ../a/./b
        HEALTHCHECK --interval=5s CMD ["a", "\\u0041"]
        ONBUILD RUN c
        VOLUME ["/v"]
        CMD d
        FROM one
        STOPSIGNAL SIGRTMIN+1
        """

    private static let pieces: [[UInt8]] =
        [
            "\n", "\\\n", "\\", "`", "\"", "'", "$", "${", "}", ":-", "#", "##", "%%", "/", "//",
            "<<", "<<-", "EOF",
            "[", "]", "[\"", "--", "=", ",", " ", "\t", "\r\n", "*", "**", "?", "\u{301}",
            "\u{FEFF}", "\u{202E}",
            "FROM ", "ONBUILD ", "RUN ", "COPY --from=", "ENV ", "ARG ", "--mount=type=secret,id=",
            "# escape=`\n",
            "99999999999999999999", "..", "\u{0}",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F]]

    /// Everything that a Dockerfile meets before a step is run.
    private func digest(_ bytes: [UInt8]) {
        guard let file = try? Dockerfile(bytes) else { return }
        let arguments = BuildArguments(["A": "2"], platform: amd64)
        guard let planner = try? BuildPlanner(file, arguments: arguments) else { return }
        var known: [BaseImage: ImageConfiguration] = [:]
        for _ in 0..<4 {
            guard let planning = try? planner.plan(knowing: known) else { return }
            switch planning {
            case .needs(let images):
                for image in images { known[image] = ImageConfiguration(onBuild: ["RUN x"]) }
            case .complete(let plan):
                for operation in plan.stages.flatMap(\.operations) { _ = operation.statement }
                return
            }
        }
    }

    @Test(arguments: 0..<8)
    func changedFilesAreReadOrRefused(part: Int) {
        var numbers = SplitMix(UInt64(part))
        for _ in 0..<150 {
            var bytes = Array(Self.seed.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let start = Int.random(in: 0...bytes.count, using: &numbers)
                let end = min(bytes.count, start + Int.random(in: 0...12, using: &numbers))
                let piece = Self.pieces.randomElement(using: &numbers) ?? []
                bytes.replaceSubrange(start..<end, with: piece)
            }
            digest(bytes)
        }
    }

    @Test(arguments: 0..<4)
    func changedPatternsMatchOrAreRefused(part: Int) throws {
        var numbers = SplitMix(UInt64(100 + part))
        let letters = Array("a/*?[]^-\\!. #\n".utf8) + [0xFF, 0xC3, 0xA9]
        for _ in 0..<500 {
            let count = Int.random(in: 0...24, using: &numbers)
            let text = (0..<count).compactMap { _ in letters.randomElement(using: &numbers) }
            guard let patterns = try? PathPatterns(ignoreFile: text) else { continue }
            _ = patterns.match(Array("a/b".utf8), in: patterns.start)
            _ = patterns.couldExcept(below: [Array("a".utf8)[...]])
        }
    }

    @Test func longFilesTakeNoLongTime() {
        let lines = [
            "FROM a\n" + String(repeating: "FROM a\n", count: 20_000),
            "FROM a\nRUN " + String(repeating: "\\\n", count: 300_000),
            "FROM a\nENV " + String(repeating: "A=$A$A ", count: 50_000),
            "FROM a\n" + String(repeating: "ENV A=x$A$A\n", count: 60),
            "FROM a\nCMD " + String(repeating: "[", count: 500_000),
            "FROM a\nRUN " + String(repeating: "<<A ", count: 100_000),
            "FROM a\nRUN " + String(repeating: "'", count: 500_001),
            "FROM a\nRUN --mount=" + String(repeating: ",", count: 100_000),
        ]
        for line in lines {
            let time = ContinuousClock().measure { digest(Array(line.utf8)) }
            #expect(time < .seconds(30), "\(line.prefix(40))")
        }
    }
}
