// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage
import Testing

@testable import cross

/// The few options of a container engine that mean something without one.
@Suite struct ContainerOptionsTests: ~Copyable {
    private let directory: TemporaryDirectory

    init() throws {
        let directory = try TemporaryDirectory()
        try directory.write("d/x", "")
        try directory.write("env", "# comment\nA=1\n\n  B\n")
        self.directory = directory
    }

    private func host(_ environment: [String: String]) -> Host {
        Host(
            environment: environment,
            workingDirectory: directory.path,
            userName: nil,
            home: nil
        )
    }

    private func options(_ text: String) throws -> ContainerOptions {
        try ContainerOptions(host(["CROSS_CONTAINER_OPTS": text]))
    }

    @Test(arguments: [
        "-v ./d:/in", "-v./d:/in", "-v=./d:/in", "--volume ./d:/in", "--volume=./d:/in:rw",
        "--volume './d:/in:z'", "--mount type=bind,source=./d,target=/in",
        "--mount=type=bind,src=d,dst=/in,readonly=false",
    ])
    func aDirectoryIsLetIn(text: String) throws {
        let source = directory.path.appending("d")
        let mount = Mount(target: "/in", kind: .bind(source, .readWrite, missing: .fail))
        #expect(try options(text).mounts == [mount])
    }

    @Test(arguments: [
        "-v ./d:/in:ro", "-v ./d:/in:ro,Z", "--mount type=bind,source=d,target=/in,readonly",
        "--mount type=bind,source=d,target=/in,ro=true",
    ])
    func aDirectoryIsLetInReadOnly(text: String) throws {
        let source = directory.path.appending("d")
        let mount = Mount(target: "/in", kind: .bind(source, .readOnly, missing: .fail))
        #expect(try options(text).mounts == [mount])
    }

    @Test(arguments: ["-v /in", "--mount type=tmpfs,target=/in"])
    func anEmptyDirectory(text: String) throws {
        #expect(
            try options(text).mounts == [Mount(target: "/in", kind: .temporary(mode: 0o755))]
        )
    }

    @Test(arguments: [
        ("-e A=1 -e B", ["A=1", "B"]), ("--env 'A=x y'", ["A=x y"]), ("--env=A", ["A"]),
        ("-eA=\"1\"\\ 2", ["A=1 2"]), ("--env-file env", ["A=1", "B"]), ("  ", []),
    ])
    func variables(text: String, expected: [String]) throws {
        #expect(try options(text).environment == expected)
    }

    @Test func theNetworkIsTheHostsOrNone() throws {
        #expect(try !options("--network=host").isWithoutNetwork)
        #expect(try !options("--net host").isWithoutNetwork)
        #expect(try options("--network none").isWithoutNetwork)
    }

    @Test(arguments: [
        ("--privileged", ContainerOptionsError.unsupported("--privileged")),
        ("--gpus all", .unsupported("--gpus")), ("-it", .unsupported("-it")),
        ("--user=0:0", .unsupported("--user")), ("-v", .missingValue("-v")),
        ("image", .unsupported("image")), ("-v cache:/in", .namedVolume("cache")),
        ("-v ./d:in", .invalidValue("--volume", "./d:in")),
        ("-v ./d:/", .invalidValue("--volume", "./d:/")),
        ("-v ./d:/in:U", .invalidValue("--volume", "./d:/in:U")),
        ("--mount type=volume,target=/in", .invalidValue("--mount", "type=volume,target=/in")),
        ("--network bridge", .invalidValue("--network", "bridge")),
        ("-w sub", .invalidValue("--workdir", "sub")), ("-e 'A=1", .unbalanced("-e 'A=1")),
    ])
    func anythingElseIsRefusedByName(text: String, expected: ContainerOptionsError) {
        #expect(throws: expected) { try options(text) }
    }

    @Test func whatIsNotThereIsAnError() {
        let missing = ContainerOptionsError.noSuchFile(directory.path.appending("m"))
        #expect(throws: missing) { try options("-v ./m:/in") }
        #expect(throws: missing) { try options("--env-file m") }
    }

    @Test func theOlderNameCountsWhereTheNewerIsNotSet() throws {
        #expect(try ContainerOptions(host(["DOCKER_OPTS": "-e A"])).environment == ["A"])
        let both = host(["DOCKER_OPTS": "-e A", "CROSS_CONTAINER_OPTS": "-e B"])
        #expect(try ContainerOptions(both).environment == ["B"])
        #expect(EngineVariables(both).warnings.count == 1)
    }

    @Test(arguments: [
        "CROSS_CONTAINER_ENGINE", "CROSS_CONTAINER_UID", "CROSS_CONTAINER_GID",
        "CROSS_CONTAINER_USER_NAMESPACE", "CROSS_ROOTLESS_CONTAINER_ENGINE",
        "CROSS_CONTAINER_IN_CONTAINER", "CROSS_DOCKER_IN_DOCKER", "CROSS_BUILD_OPTS",
    ])
    func variablesOfTheEngineAreNotedAndNoMore(name: String) {
        let variables = EngineVariables(host([name: "x"]))
        #expect(variables.note?.contains(name) ?? false)
        #expect(variables.warnings.isEmpty)
        #expect(EngineVariables(host([name: ""])).note == nil)
    }

    @Test func anotherMachineIsWarnedAbout() {
        #expect(EngineVariables(host(["CROSS_REMOTE": "1"])).warnings.count == 1)
        #expect(EngineVariables(host(["CROSS_REMOTE": "0"])).warnings.isEmpty)
    }

    @Test(arguments: [
        ("a  b\tc", ["a", "b", "c"]), ("'a b' \"c d\"", ["a b", "c d"]), ("a\\ b", ["a b"]),
        ("\"a\\\"b\\n\"", ["a\"b\\n"]), ("''", [""]), ("a'b'\"c\"", ["abc"]), ("", []),
    ])
    func wordsOfALine(line: String, expected: [String]) {
        #expect(ShellWords.split(line) == expected)
    }

    @Test(arguments: ["'", "\"a", "a\\"])
    func anOpenQuotationIsNoLine(line: String) {
        #expect(ShellWords.split(line) == nil)
    }
}
