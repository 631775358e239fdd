// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A machine that has no network at all.
@Suite(.serialized) struct OfflineTests: ~Copyable {
    private let home: Home

    init() throws { home = try Home() }

    /// In a network namespace of its own there is no interface that is up, loopback included.
    @Test func aBuildConnectsToNothingWhereThereIsNothingToConnectTo() async throws {
        let crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        let store = ["CROSS_STORE": try SharedStore.path().string]
        let cross = home.machine.program("cross")
        let words = ["build", "--target", "aarch64-unknown-linux-gnu"]
        let first = try await home.run([cross] + words, in: crate, environment: store)
        #expect(first.code == 0, "\(first.errors)")
        _ = try await home.run(["/bin/rm", "-rf", "target"], in: crate)
        let script = """
            ! grep -v 'lo:' /proc/net/dev | grep : || exit 98
            strace -f -qq -e trace=connect -e signal=none -o "$0" "$@"
            """
        let trace = home.path.appending("trace")
        let build = try await home.run(
            ["/usr/bin/unshare", "--user", "--map-root-user", "--net", "/bin/sh", "-c", script]
                + [trace.string, cross] + words + ["--frozen"],
            in: crate,
            environment: store
        )
        #expect(build.code == 0, "\(build.errors)")
        #expect(build.errors.contains("Compiling"), "\(build.errors)")
        let calls = try String(contentsOfFile: trace.string, encoding: .utf8)
        #expect(!calls.contains("connect("), "\(calls)")
    }
}
