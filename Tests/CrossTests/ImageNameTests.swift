// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import cross

@Suite struct ImageNameTests {
    private static let published = "ghcr.io/cross-rs/aarch64-unknown-linux-gnu"
    private static let digest = "sha256:" + String(repeating: "0a", count: 32)

    @Test(arguments: [
        (nil, "\(published):main"),
        ("-centos", "\(published):main-centos"),
        (":edge", "\(published):edge"),
        ("@\(digest)", "\(published)@\(digest)"),
        ("ubuntu", "docker.io/library/ubuntu:latest"),
        ("localhost:5000/x:y", "localhost:5000/x:y"),
    ])
    func namesAndShorthands(configured: String?, expected: String) throws {
        #expect(
            try ImageName.resolve(
                configured,
                named: "aarch64-unknown-linux-gnu",
                published: "\(Self.published):main"
            )?.description == expected
        )
    }

    @Test func aTargetWithoutAPublishedImageHasNone() throws {
        #expect(try ImageName.resolve(nil, named: "x86_64-apple-darwin", published: nil) == nil)
    }

    @Test(arguments: ["../x", "a/B", "x:y:z", ":", "@sha256:1"])
    func wrongNamesAreErrors(name: String) throws {
        #expect(throws: ConfigurationError.self) {
            try ImageName.resolve(name, named: "aarch64-unknown-linux-gnu", published: nil)
        }
    }
}
