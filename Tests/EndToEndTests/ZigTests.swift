// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// `zig`: with zig and cargo-zigbuild as wheels, and with an image that somebody made.
@Suite(.serialized) struct ZigTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        let crate = try home.crate(image: "localhost/never:asked")
        for name in ["tests", "src/lib.rs"] {
            try FileManager.default.removeItem(atPath: crate.pushing(FilePath(name)).string)
        }
        self.home = home
        self.crate = crate
    }

    private func write(_ name: String, _ text: String) throws {
        try home.write(text, to: crate.pushing(FilePath(name)))
    }

    private func run(_ program: String, _ words: [String]) async throws -> Outcome {
        try await home.runSharing(program, words, in: crate)
    }

    // The C file calls log(3), of which the distribution's own libm has a version since 2.29.
    @Test func whatIsBuiltForAnOldGlibcNeedsNoNewerOneAndRuns() async throws {
        try write("Cross.toml", "[build]\nrootfs = \"debian\"\nzig = \"2.17\"\n")
        try write(
            "build.rs",
            "fn main() { cc::Build::new().file(\"native/dew_point.c\").compile(\"dew_point\") }\n"
        )
        try write(
            "src/main.rs",
            """
            extern "C" { fn dew_point(temperature: f64, humidity: f64) -> f64; }
            fn main() {
                println!("{:.1} on {}", unsafe { dew_point(20.0, 50.0) }, std::env::consts::ARCH);
            }
            #[test]
            fn c_is_called() { assert!(unsafe { dew_point(20.0, 50.0) } > 9.0); }
            """
        )
        let build = try await run("cross", ["build", "--target", Self.triple])
        #expect(build.code == 0, "\(build.errors)")
        let artifact = "target/\(Self.triple)/debug/weather-station"
        let words = ["/usr/bin/objdump", "--private-headers", artifact]
        let headers = try await home.run(words, in: crate)
        let versions = headers.output.split(whereSeparator: \.isWhitespace)
            .filter { $0.hasPrefix("GLIBC_2.") }
            .compactMap { Int($0.dropFirst(8).prefix { $0.isNumber }) }
        #expect(versions.max() == 17, "\(headers.output)\(headers.errors)")

        let test = try await run("cross", ["--locked", "test", "--target", Self.triple])
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("test c_is_called ... ok"))
        // cargo-zigbuild knows no `bench`, and cargo knows no target with a version.
        let bench = try await run("cross", ["bench", "--profile", "dev", "--target", Self.triple])
        #expect(bench.code == 0, "\(bench.errors)")
        #expect(bench.output.contains("test c_is_called ... ignored"), "\(bench.output)")
    }

    @Test func anImagesCargoZigbuildGetsWhatCargoWouldAndTheGlibc() async throws {
        try write("metadata.json", Self.metadata(crate))
        try write(
            "cargo",
            """
            #!/bin/sh
            [ "$1" = metadata ] && exec cat /metadata.json
            echo "cargo $*"
            """
        )
        // As cargo-zigbuild does it: what it knows it has cargo do, and anything else as well.
        try write(
            "cargo-zigbuild",
            """
            #!/bin/sh
            echo "zig $* in $XDG_CACHE_HOME"
            [ "$1" != rustc ] || ${CARGO:-cargo} "$@"
            """
        )
        try write(
            "Dockerfile",
            """
            FROM \(home.machine.image("small"))
            COPY metadata.json /
            COPY --chmod=755 cargo cargo-zigbuild /bin/
            RUN ["/bin/busybox", "--install", "-s", "/bin"]
            """
        )
        let name = "localhost/zig:\(UUID().uuidString)"
        let image = try await run("cross-util", ["build", "-t", name, "."])
        #expect(image.code == 0, "\(image.errors)")
        try write(
            "Cross.toml",
            """
            [build]
            subcommands = ["nextest"]
            [target.\(Self.triple)]
            zig = { version = "2.17", image = "\(name)" }
            """
        )
        let build = try await run("cross", ["-v", "build", "--target", Self.triple])
        #expect(
            build.output == "zig build -v --target \(Self.triple).2.17 in /target/.zig-cache\n",
            "\(build.errors)"
        )
        let other = try await run("cross", ["nextest", "run", "--target", Self.triple, "--", "-x"])
        let expected = [
            "zig rustc --target \(Self.triple).2.17 -- nextest run --target \(Self.triple) -- -x in "
                + "/target/.zig-cache",
            "cargo nextest run --target \(Self.triple) -- -x",
        ]
        #expect(other.output.split(separator: "\n").map(String.init) == expected, "\(other.errors)")
    }

    /// What cargo would say of a project without dependencies.
    private static func metadata(_ crate: FilePath) -> String {
        """
        {"workspace_root": "\(crate)", "target_directory": "\(crate)/target", "build_directory": null,
        "packages": []}
        """
    }
}
