// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import cross

/// What an image lacks, and a build gets nevertheless.
@Suite struct EntryImageTests: ~Copyable {
    private let fixture: EntryFixture

    init() throws {
        let fixture = try EntryFixture()
        self.fixture = fixture
    }

    // Source: cross-rs 0.2.5, `docker_envvars`; on its main branch the images have it, or mean none.
    @Test(arguments: [
        ([:], "1"), (["CROSS_SYSROOT": "/s"], nil), (["PKG_CONFIG_ALLOW_CROSS": "0"], "0"),
    ])
    func imagesOfReleasesGetWhatTheReleasesSet(
        image: [String: String],
        expected: String?
    ) throws {
        #expect(try fixture.spec(image: image).variable("PKG_CONFIG_ALLOW_CROSS") == expected)
        let zig = try fixture.spec(toml: "[build]\nzig = true", image: ["CC_x": "y"])
        #expect(zig.variable("PKG_CONFIG_ALLOW_CROSS") == nil)
    }
}
