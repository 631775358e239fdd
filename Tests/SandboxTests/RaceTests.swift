// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Sandbox
import SystemPackage
import Testing

/// Somebody changes the root while sandboxes are made of it.
@Suite struct RaceTests: ~Copyable {
    /// How often is entered; 10,000 take some minutes.
    private static let entries =
        ProcessInfo.processInfo.environment["CROSS_TEST_ENTRIES"].flatMap(Int.init) ?? 300

    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    @Test func mountPointsThatAreExchangedMeanwhileLeadNowhereOutside() throws {
        let outside = ground.directory.path.appending("outside")
        let place = ground.root.appending("place")
        try outside.appending("deep").makeDirectory()
        try place.appending("deep").makeDirectory()
        let link = ground.root.appending("link")
        try link.link(to: outside.string)
        let exchange = try Spawned(
            [Ground.products.appending("sandbox-intruder").string, "--exchange"]
                + [place.string, link.string],
            in: ground.directory.path
        )
        defer { kill(exchange.process, SIGKILL) }
        let options = [
            "--rw", ground.project.string, "/place/deep", "--tmp", "/place/new", "--overlay",
            ground.project.string, "/link/deep",
        ]
        let script = "echo x >/place/deep/mark; echo x >/place/new/mark; echo x >/link/deep/mark"
        for _ in 0..<Self.entries {
            _ = try ground.shell(script, options)
            // Whatever was mounted, and wherever it was written: not there.
            try #require(outside.names() == ["deep"])
            try #require(outside.appending("deep").names() == [])
        }
    }
}
