// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

@Suite struct NetworkTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    /// The interfaces that `/proc/net/dev` names.
    private func interfaces(_ options: [String]) throws -> [String] {
        try ground.run(options, ["cat", "/proc/net/dev"]).lines.dropFirst(2).map {
            String($0.prefix { $0 != ":" }.filter { $0 != " " })
        }
    }

    @Test func withoutANetworkThereIsOnlyTheLoopback() throws {
        #expect(try interfaces(["--offline"]) == ["lo"])
        let loopback = try ground.run(["--offline"], ["busybox", "ifconfig", "lo"])
        #expect(loopback.output.contains("UP LOOPBACK RUNNING"))
        #expect(try ground.run(["--offline"], ["busybox", "ping", "-c1", "127.0.0.1"]).status != 2)
    }

    @Test func withTheHostsNetworkItsInterfacesAreThere() throws {
        let host = FilePath("/proc/net/dev").text().split(separator: "\n").count - 2
        #expect(try interfaces([]).count == host)
    }
}
