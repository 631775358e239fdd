// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A project's own Dockerfile and `pre-build`, together and by the names that users of cross-rs know.
@Suite(.serialized) struct CustomImageTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try home.crate(image: "localhost/never:asked")
        self.home = home
    }

    private func write(_ name: String, _ text: String) throws {
        try home.write(text, to: crate.pushing(FilePath(name)))
    }

    private func inside(_ command: String, from directory: String = ".") async throws -> Outcome {
        try await home.runSharing(
            "cross-util",
            ["run", "--target", Self.triple, "--", command],
            in: crate.pushing(FilePath(directory))
        )
    }

    @Test func theDockerfileComesFirstAndTheLinesComeOnTopOfIt() async throws {
        let base = home.machine.image("cross/aarch64:demo")
        try write(
            "ci/Dockerfile",
            """
            ARG CROSS_BASE_IMAGE
            FROM \(base)
            ARG CROSS_BASE_IMAGE CROSS_DEB_ARCH OWN UNIQUE
            COPY words /words
            RUN echo "dockerfile $CROSS_DEB_ARCH ${CROSS_BASE_IMAGE##*/} $OWN $(cat /words)" >/order
            """
        )
        try write("ci/words", "of the context")
        // Read from the context, and not from the directory where the user stands.
        try write("words", "of the project")
        try write(
            "Cross.toml",
            """
            [build.dockerfile]
            file = "nowhere"
            build-args = { OWN = "all", UNIQUE = "\(UUID().uuidString)" }
            [target.\(Self.triple)]
            pre-build = ["echo \\"pre-build $CROSS_DEB_ARCH\\" >>/order"]
            [target.\(Self.triple).dockerfile]
            file = "ci/Dockerfile"
            context = "ci"
            build-args = { OWN = "own" }
            """
        )
        let first = try await inside("cat /order", from: "src")
        #expect(
            first.output
                == "dockerfile arm64 \(Self.triple):main own of the context\npre-build arm64\n",
            "\(first.errors)"
        )
        let second = try await inside("cat /order")
        #expect(second.output == first.output && second.errors.isEmpty, "\(second.errors)")

        try write("ci/words", "of another day")
        let third = try await inside("cat /order")
        #expect(third.output.contains("of another day\npre-build arm64\n"), "\(third.errors)")
    }

    @Test func preparingSeesNothingOfTheUsers() async throws {
        try write(
            "Cross.toml",
            """
            [build.env]
            passthrough = ["SECRET=x"]
            volumes = ["DATA=/tmp"]
            [target.\(Self.triple)]
            image = "\(home.machine.image("cross/aarch64:demo"))"
            pre-build = [
                "# \(UUID().uuidString)",
                "ls -A /target '\(crate)' >/seen 2>&1 || true", "ls -A '\(home.path)' >/home.list",
                "printenv SECRET DATA CARGO_HOME >>/seen || true",
                "grep -c . /etc/resolv.conf >/resolver && pwd >/place",
            ]
            """
        )
        let look =
            "grep -vc 'No such file' /seen; cat /home.list /place; test -s /resolver && echo $SECRET $DATA"
        let outcome = try await inside(look)
        // The certificates that the user trusts are let in, for downloads.
        #expect(
            outcome.output == "0\nca.crt\n/\nx /tmp\n",
            "\(outcome.output)\(outcome.errors)"
        )
    }

    @Test func whoBuildsForARMv6IsToldOfDebiansARMv7() async throws {
        let triple = "arm-unknown-linux-gnueabihf"
        try write(
            "Cross.toml",
            """
            [build]
            pre-build = ["echo \(UUID().uuidString) $CROSS_DEB_ARCH >/made"]
            [target.\(triple)]
            image = "\(home.machine.image("cross/aarch64:demo"))"
            """
        )
        let words = ["run", "--target", triple, "--", "cut -d ' ' -f 2 /made"]
        let outcome = try await home.runSharing("cross-util", words, in: crate)
        #expect(outcome.output == "armhf\n", "\(outcome.errors)")
        #expect(outcome.errors.contains("note: Debian's packages for armhf are made for ARMv7"))
    }

    @Test func anImageThatADockerfileBeginsWithStaysWhatItIs() async throws {
        let image = home.machine.image("cross/aarch64:demo")
        let settings = "[target.\(Self.triple)]\nimage = \"\(image)\"\n"
        try write("Dockerfile", "FROM \(image)\nRUN echo \(UUID().uuidString) >>/added\n")
        try write("Cross.toml", settings + "dockerfile = \"Dockerfile\"\n")
        let first = try await inside("cat /added")
        #expect(first.output.split(separator: "\n").count == 1, "\(first.errors)")
        let second = try await inside("cat /added")
        #expect(second.output == first.output && second.errors.isEmpty, "\(second.errors)")
        try write("Cross.toml", settings)
        let without = try await inside("cat /added")
        #expect(without.code == 1 && without.output.isEmpty, "\(without.output)")
    }

    @Test func theImageBesideADockerfileNamesTheResult() async throws {
        let name = "localhost/own-\(UUID().uuidString.lowercased()):1"
        try write("Dockerfile", "FROM \(home.machine.image("cross/aarch64:demo"))\nRUN touch /made")
        try write(
            "Cross.toml",
            "[target.\(Self.triple)]\ndockerfile = \"Dockerfile\"\nimage = \"\(name)\""
        )
        #expect(try await inside("ls /made").output == "/made\n")
        // As by a job that built it before, and by another project that only names it.
        try write("Cross.toml", "[target.\(Self.triple)]\nimage = \"\(name)\"")
        let named = try await inside("ls /made")
        #expect(named.output == "/made\n", "\(named.errors)")
        let images = try await home.runSharing("cross-util", ["images"], in: crate)
        #expect(images.output.contains(name))
    }
}
