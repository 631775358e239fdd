// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import Testing

@testable import cross_fetch

@Suite struct PullSettingsTests {
    @Test func limitsAreRaised() throws {
        let settings = try PullSettings(environment: [
            "CROSS_LIMITS": "layer-bytes=128G, layer-entries=5000000 manifest=8M"
        ])
        #expect(settings.layer.bytes == 128 << 30)
        #expect(settings.layer.entries == 5_000_000)
        #expect(settings.layer.ratio == LayerLimits().ratio)
        #expect(settings.registry.manifest == 8 << 20)
    }

    @Test(arguments: [
        "manifest=1M", "manifest=-1", "manifest=", "manifest", "other=8M", "manifest=8X",
        "layer-bytes=99999999999999999999", "layer-bytes=9999999999T",
    ])
    func whatIsNoHigherLimitIsRefused(_ text: String) {
        #expect(throws: PullError.self) { try PullSettings(environment: ["CROSS_LIMITS": text]) }
    }

    @Test func tokenServersAreNamedByRegistry() throws {
        let settings = try PullSettings(environment: [
            "CROSS_TOKEN_SERVERS": "registry.example:5050=gitlab.example,r.example=auth.example"
        ])
        #expect(
            settings.tokenServers == [
                "registry.example:5050": "gitlab.example", "r.example": "auth.example",
            ]
        )
    }
}
