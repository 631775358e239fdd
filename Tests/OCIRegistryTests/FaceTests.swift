// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import ServerTestSupport
import StoreTestSupport
import SystemPackage
import Testing

extension RegistrySuites {
    /// What `cross-fetch` says to people and programs.
    @Suite struct FaceTests {
        let directory: ServerTestSupport.TemporaryDirectory

        init() throws {
            directory = try ServerTestSupport.TemporaryDirectory()
        }

        private static func layer(_ fill: (inout TarBuilder) -> Void) -> [UInt8] {
            var tar = TarBuilder()
            fill(&tar)
            return tar.archive
        }

        private func pull(_ layers: [[UInt8]], _ options: String...) throws -> Command.Result {
            let image = ImageFixture(layers: layers)
            let server = try ScriptedServer { image.answer($0) }
            defer { withExtendedLifetime(server) {} }
            return try Command(
                arguments: [
                    crossFetch, "image", "127.0.0.1:\(server.port)/test/image", "--platform",
                    "linux/amd64", "--store", directory.path.appending("store").string,
                ] + options
            ).run(in: directory)
        }

        @Test func anIPv6AddressIsNoName() throws {
            let result = try Command(
                arguments: [
                    crossFetch, "image", "[::1]:5000/x", "--store",
                    directory.path.appending("store").string,
                ]
            ).run(in: directory)
            #expect(result.status == 125)
            #expect(result.errors.contains("[::1]:5000: a registry must have a name"))
        }

        @Test func aFormOfProgressThatThereIsNotIsSaid() throws {
            let command = Command(
                arguments: [
                    crossFetch, "image", "[::1]:5000/x", "--store",
                    directory.path.appending("store").string,
                ],
                environment: ["CROSS_PROGRESS": "fancy"]
            )
            let errors = try command.run(in: directory).errors
            #expect(
                errors.contains(
                    "CROSS_PROGRESS is `fancy` and may be one of auto, plain, tty, none, json"
                )
            )
        }

        @Test func anErrorNamesTheEntryWithoutObeyingIt() throws {
            let layer = Self.layer { $0.add("../\u{1B}[31m\u{9B}2J\r\nevil\u{202E}", content: "x") }
            for options in [[], ["--progress=json"]] {
                let result = try pull([layer], options.first ?? "--progress=plain")
                #expect(result.status == 125)
                #expect(result.errors.contains("layer \(Digest.of(layer)) cannot be unpacked"))
                #expect(result.errors.contains("evil"))
                for character in ["\u{1B}", "\u{9B}", "\r", "\u{202E}"] {
                    #expect(!result.errors.unicodeScalars.contains { String($0) == character })
                }
            }
        }

        @Test func whatAStrangeImageLeavesOutIsSaidOnce() throws {
            let layers = (0..<3).map { index in
                Self.layer { tar in
                    tar.add("dev/null\(index)".utf8, type: "3", major: 1, minor: 3)
                    tar.add("file\(index)", content: "\(index)")
                }
            }
            let result = try pull(layers)
            #expect(result.status == 0)
            #expect(result.errors.components(separatedBy: "device files").count == 2)
        }

        @Test func programsAreToldInJSON() throws {
            let layers = (0..<2).map { index in
                Self.layer {
                    $0.add("file\(index)", content: String(repeating: "x", count: 99_999))
                }
            }
            struct Line: Decodable {
                var event: String
                var step: String?
                var size: Int?
                var verb: String?
            }
            let result = try pull(layers, "--progress=json")
            #expect(result.status == 0)
            let lines = try result.errors.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.count { $0.event == "layer" && $0.step == "done" } == 2)
            #expect(lines.first?.verb == "Pulling" && lines.last?.verb == "Finished")
        }

        @Test func onATerminalTheLiveLinesAreGoneAtTheEnd() throws {
            let layer = Self.layer { $0.add("file", content: "x") }
            let whole = try pull([layer], "--progress=tty")
            let parts = whole.errors.components(separatedBy: "\u{1B}[J")
            // What is written over comes before the last erasure, what stays after it.
            #expect(parts.count >= 2)
            #expect(parts.dropLast().joined().contains("making the root filesystem"))
            #expect(parts.last?.trimmingCharacters(in: .whitespaces).hasPrefix("Finished") == true)
            try FileManager.default.removeItem(atPath: directory.path.appending("store").string)
            // Nor does an error leave half a picture behind.
            let failed = try pull([Self.layer { $0.add("../x", content: "x") }], "--progress=tty")
            let last = failed.errors.components(separatedBy: "\u{1B}[J").last ?? ""
            #expect(last.contains("error: layer") && !last.contains("Fetching"))
        }

        @Test func elsewhereThanOnATerminalALayerIsALine() throws {
            let layers = (0..<2).map { index in
                Self.layer { $0.add("file\(index)", content: "\(index)") }
            }
            let plain = try pull(layers, "--progress=plain")
            #expect(plain.errors.components(separatedBy: "Unpacked").count == 3)
            try FileManager.default.removeItem(atPath: directory.path.appending("store").string)
            let none = try pull(layers, "--progress=none")
            #expect(!none.errors.contains("Unpacked") && none.errors.contains("Finished"))
        }
    }
}
