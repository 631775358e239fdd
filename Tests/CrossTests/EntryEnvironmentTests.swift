// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's environment, row by row.

import Sandbox
import SystemPackage
import Testing

@testable import cross

@Suite struct EntryEnvironmentTests: ~Copyable {
    private let fixture: EntryFixture

    init() throws {
        let fixture = try EntryFixture()
        self.fixture = fixture
    }

    @Test func whatCrossSetsIsThere() throws {
        let spec = try fixture.spec()
        #expect(spec.variable("CROSS_RUNNER") == "")
        #expect(spec.variable("USER") == "me")
        #expect(spec.variable("CROSS_RUSTC_MAJOR_VERSION") == "1")
        #expect(spec.variable("CROSS_RUSTC_MINOR_VERSION") == "96")
        #expect(spec.variable("CROSS_RUSTC_PATCH_VERSION") == "2")
        #expect(spec.workingDirectory == fixture.project)
        #expect(spec.arguments == ["cargo", "build", "--target", EntryFixture.triple])
    }

    @Test(arguments: [
        "TERM", "RUSTDOCFLAGS", "RUSTFLAGS", "BROWSER", "HTTP_TIMEOUT", "QEMU_STRACE",
        "http_proxy", "https_proxy", "HTTPS_PROXY",
        // Those that cross-rs forgets.
        "QEMU_CPU", "RUST_TEST_THREADS",
        "HTTP_PROXY", "no_proxy", "NO_PROXY", "ALL_PROXY",
        "CARGO_PROFILE_RELEASE_LTO", "CARGO_TARGET_X_LINKER", "CARGO_INCREMENTAL", "CROSS_DEBUG",
        "CROSS_CONFIGURED",
    ])
    func variablesThatAreForwarded(name: String) throws {
        #expect(try fixture.spec(variables: [name: "value"]).variable(name) == "value")
    }

    @Test(arguments: [
        "RUST_BACKTRACE", "RUST_LOG", "CI", "RUSTC_WRAPPER", "CC", "CFLAGS", "LD_LIBRARY_PATH",
        "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_RUSTC", "CARGO_BUILD_RUSTC_WRAPPER",
        "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTDOC", "CARGO_REGISTRY_TOKEN",
        "CARGO_REGISTRIES_X_TOKEN",
    ])
    func variablesThatStayOutside(name: String) throws {
        #expect(try fixture.spec(variables: [name: "value"]).variable(name) == nil)
    }

    @Test(arguments: ["CARGO_TARGET_DIR", "CROSS_RUNNER", "CROSS_RUSTC_MINOR_VERSION", "USER"])
    func variablesThatAreCrosssOwn(name: String) throws {
        #expect(try fixture.spec(variables: [name: "/value"]).variable(name) != "/value")
    }

    @Test func theImagesVariablesAreThere() throws {
        let spec = try fixture.spec(
            variables: ["CC_x": "host"],
            image: ["CC_x": "image", "CROSS_SYSROOT": "/s"]
        )
        #expect(spec.variable("CC_x") == "image")
        #expect(spec.variable("CROSS_SYSROOT") == "/s")
    }

    // The original lets cargo look inside for what only this machine has.
    @Test(arguments: [
        ("[build]\nrustc-wrapper = \"sccache\"", nil, ""),
        ("build.rustc-wrapper = \"/home/none/wrapper\"", nil, ""),
        ("build.rustc-wrapper = \"/usr/bin/env\"", nil, nil), ("build.jobs = 2", nil, nil),
        ("not TOML rustc-wrapper", nil, nil),
        // What the project says is the project's.
        ("build.rustc-wrapper = \"sccache\"", "build.rustc-wrapper = \"own\"", nil),
        ("", "build.rustc-wrapper = \"own\"", nil),
    ])
    func aWrapperThatIsNotInsideIsLeftOut(
        own: String,
        project: String?,
        expected: String?
    ) throws {
        try fixture.directory.write("home/.cargo/config.toml", own)
        if let project { try fixture.directory.write("home/project/.cargo/config.toml", project) }
        #expect(try fixture.spec().variable("RUSTC_WRAPPER") == expected)
        let passed = try fixture.spec(toml: "[build.env]\npassthrough = [\"RUSTC_WRAPPER=w\"]")
        #expect(passed.variable("RUSTC_WRAPPER") == "w")
    }

    @Test func aWrapperOfTheWorkspaceIsLeftOutByItself() throws {
        let text = "[build]\nrustc-workspace-wrapper = \"clippy-x\""
        try fixture.directory.write("home/.cargo/config.toml", text)
        #expect(try fixture.spec().variable("RUSTC_WORKSPACE_WRAPPER") == "")
        #expect(try fixture.spec().variable("RUSTC_WRAPPER") == nil)
    }

    // The original lets them replace each other in silence.
    @Test(arguments: [
        ("CARGO_TARGET_X_LINKER", "image", "host", ["CARGO_TARGET_X_LINKER"]),
        ("CARGO_TARGET_X_LINKER", "same", "same", []), ("CARGO_TARGET_DIR", "image", "host", []),
        ("CC_x", "image", "host", []),
    ])
    func whatReplacesTheImagesOwnSettingsIsTold(
        name: String,
        image: String,
        host: String,
        expected: [String]
    ) throws {
        let told = try fixture.replacedVariables(variables: [name: host], image: [name: image])
        #expect(told == expected)
    }

    @Test(arguments: [
        ("[\"A\"]", ["A": "1"], "1"), ("[\"A=2\"]", ["A": "1"], "2"),
        ("[\"A=x=y\"]", [:], "x=y"), ("[\"A=$HOME\"]", [:], "$HOME"),
        // What is unset outside is unset inside, also where the image has it.
        ("[\"A\"]", [:], nil), ("[]", [:], "image"),
    ])
    func variablesThatTheUserPasses(
        entries: String,
        variables: [String: String],
        expected: String?
    ) throws {
        let toml = "[build.env]\npassthrough = \(entries)"
        let spec = try fixture.spec(toml: toml, variables: variables, image: ["A": "image"])
        #expect(spec.variable("A") == expected)
    }

    @Test func whatIsNotUTF8IsNotPassedOnAsSomethingElse() throws {
        let passing = "[build.env]\npassthrough = [\"NAME\"]"
        for name in ["RUSTFLAGS", "CARGO_PROFILE_DEV_DEBUG", "NAME"] {
            #expect(throws: ConfigurationError.notUTF8(variable: name)) {
                try fixture.spec(toml: passing, variables: [name: "\u{FFFD}"], foreign: [name])
            }
        }
        let other = try fixture.spec(variables: ["NAME": "\u{FFFD}"], foreign: ["NAME"])
        #expect(other.variable("NAME") == nil)
    }

    @Test(arguments: ["CROSS_RUNNER", "CROSS_RUNNER=native", "=x", ""])
    func variablesThatNobodyMayPass(entry: String) {
        #expect(throws: ConfigurationError.invalidVariable(entry)) {
            try fixture.spec(toml: "[build.env]\npassthrough = [\"\(entry)\"]")
        }
    }

    @Test(arguments: [
        "CARGO_HOME", "CROSS_RUST_SYSROOT", "CARGO_TARGET_DIR", "USER", "CROSS_RUSTC_MAJOR_VERSION",
        "CROSS_RUSTC_MINOR_VERSION", "CROSS_RUSTC_PATCH_VERSION",
    ])
    func whatCrossSetsCannotBePassed(name: String) throws {
        let spec = try fixture.spec(toml: "[build.env]\npassthrough = [\"\(name)=value\"]")
        #expect(spec.variable(name) != "value")
    }

    @Test func theToolchainsProgramsComeLast() throws {
        let programs = fixture.toolchain.appending("bin").string
        #expect(try fixture.spec().variable("PATH") == "/usr/bin:/bin:\(programs)")
    }

    @Test(arguments: [(nil, nil), ("/tmp/", "/tmp/")])
    func theHomeIsTheUsersUnlessTheImageHasOne(image: String?, expected: String?) throws {
        let variables = image.map { ["HOME": $0] } ?? [:]
        let home = try fixture.spec(image: variables).variable("HOME")
        #expect(home == expected ?? fixture.home.string)
    }

    // The image's own runner is kept, whatever it does with `CROSS_RUNNER`.
    @Test func aMachineIsTheRunnerWhereThereIsOneAndTheImageHasNoRunnerOfItsOwn() throws {
        let toml = "[target.\(EntryFixture.triple)]\nrunner = \"qemu-system\""
        let variable = "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER"
        let own = try fixture.spec(["test"], toml: toml, image: [variable: "/linux-runner aarch64"])
        #expect(own.variable(variable) == "/linux-runner aarch64")
        #expect(own.variable("CROSS_RUNNER") == "qemu-system")
        let target = try Target(EntryFixture.triple)
        #expect(
            throws: TargetError.noEmulator(
                target,
                rootfs: "the image of a test",
                program: "/linux-runner"
            )
        ) { try fixture.spec(["test"], toml: toml, emulator: "10.0.1") }
        #expect(try fixture.spec(toml: toml, emulator: "10.0.1").variable(variable) == nil)
        let machine = try fixture.spec(["test"], toml: toml, hasMachine: true)
        #expect(machine.variable(variable) == "/usr/bin/qemu-system-runner")
        // Nobody who has not asked for it gets it.
        #expect(try fixture.spec(["test"]).variable(variable) == "/usr/bin/qemu-aarch64")
    }

    @Test(arguments: ["native", "qemu-user"])
    func theRunnerIsToldToTheImagesScript(runner: String) throws {
        let toml = "[target.\(EntryFixture.triple)]\nrunner = \"\(runner)\""
        #expect(try fixture.spec(toml: toml).variable("CROSS_RUNNER") == runner)
    }

    @Test func aRunnerThatTheProcessorIsNotIsAnError() {
        let toml = "[target.\(EntryFixture.triple)]\nrunner = \"native\""
        #expect(throws: TargetError.self) { try fixture.spec(["test"], toml: toml) }
        #expect(throws: Never.self) { try fixture.spec(["test", "--no-run"], toml: toml) }
    }

    // Which versions these are, the target's manifest says.
    @Test(arguments: [
        ("10.0.13", ["test"], nil), ("10.0", ["bench"], nil), ("10.1.0", ["test"], "1"),
        ("8.2.2", ["test"], "1"), ("10.0.13", ["build"], "1"), ("", ["test"], "1"),
    ])
    func testsRunInParallelWhereTheEmulatorBearsIt(
        version: String,
        words: [String],
        expected: String?
    ) throws {
        let name = "RUST_TEST_THREADS"
        let image = [name: "1"]
        let spec = try fixture.spec(words, image: image, emulator: version)
        #expect(spec.variable(name) == expected)
        // What the user says counts.
        let own = try fixture.spec(words, variables: [name: "3"], image: image, emulator: version)
        #expect(own.variable(name) == "3")
        let toml = "[build.env]\npassthrough = [\"\(name)=1\"]"
        let configured = try fixture.spec(words, toml: toml, image: image, emulator: version)
        #expect(configured.variable(name) == "1")
    }

    @Test func anEngineVariablesOptionsCount() throws {
        try fixture.directory.write("home/data/x", "")
        let spec = try fixture.spec(variables: [
            "CROSS_CONTAINER_OPTS": "-v ../data:/data:ro -e A=1 --network none -w /data"
        ])
        let data = fixture.home.appending("data")
        #expect(spec.mount("/data") == .bind(data, .readOnly, missing: .fail))
        #expect(spec.variable("A") == "1")
        #expect(spec.network == .none)
        #expect(spec.workingDirectory == "/data")
    }
}
