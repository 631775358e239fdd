// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import cross

/// Which files count, and which of them has the last word.
@Suite struct ConfigurationFilesTests: ~Copyable {
    private let directory: TemporaryDirectory
    private let target: cross.Target

    init() throws {
        let directory = try TemporaryDirectory()
        let target = try Target("a")
        self.target = target
        self.directory = directory
    }

    private func load(_ variables: [String: String] = [:]) throws -> Configuration {
        let manifest = directory.path.appending("Cargo.toml")
        let host = Host(
            environment: variables,
            workingDirectory: directory.path,
            userName: nil,
            home: nil
        )
        return try Configuration.load(WorkspaceRoot(package: manifest, manifest: manifest), host)
    }

    private func write(workspace: String = "", package: String = "", member: String = "") throws {
        try directory.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"m*\"]\nexclude = [\"mx\"]\n\(workspace)\n\(package)"
        )
        try directory.write("m1/Cargo.toml", "[package]\nname = \"m1\"\n\(member)")
        try directory.write("mx/Cargo.toml", "[package.metadata.cross.target.a]\nrunner = \"x\"")
    }

    private func metadata(_ table: String, _ text: String) -> String {
        "[\(table).metadata.cross.target.a]\n\(text)\n"
    }

    @Test func nothingIsNeeded() throws {
        try write()
        let configuration = try load()
        #expect(configuration.document == CrossToml())
        #expect(try configuration.warnings(for: target).isEmpty)
    }

    @Test func theFileComesBeforeTheManifest() throws {
        try write(workspace: metadata("workspace", "runner = \"m\"\nimage = \"m\""))
        try directory.write("Cross.toml", "[target.a]\nrunner = \"f\"")
        let configuration = try load()
        #expect(configuration.runner(target) == "f")
        #expect(configuration.image(target)?.name == "m")
        #expect(try load(["CROSS_TARGET_A_IMAGE": "e"]).image(target)?.name == "e")
    }

    // merge: tables key by key, arrays as a whole
    @Test func tablesAreMergedAndArraysReplaced() throws {
        let text = """
            env.passthrough = ["M"]
            env.volumes = ["M"]
            dockerfile = { file = "M", context = "m", build-args = { A = "m", B = "m" } }
            """
        try write(package: metadata("package", text))
        try directory.write(
            "Cross.toml",
            """
            [target.a]
            env.passthrough = ["F"]
            dockerfile = { file = "F", build-args = { A = "f" } }
            """
        )
        let configuration = try load()
        #expect(configuration.passthrough(target) == ["F"])
        #expect(configuration.volumes(target) == ["M"])
        let dockerfile = try #require(configuration.dockerfile(target))
        #expect(dockerfile.file == directory.path.appending("F"))
        #expect(dockerfile.context == directory.path.appending("m"))
        #expect(dockerfile.buildArguments == ["A": "f", "B": "m"])
    }

    @Test func aMembersMetadataCounts() throws {
        try write(member: metadata("package", "runner = \"m1\""))
        #expect(try load().runner(target) == "m1")
        #expect(try load().warnings(for: target).isEmpty)
    }

    @Test func theFirstOfSeveralManifestsCountsAndTheOthersAreNamed() throws {
        try write(
            workspace: metadata("workspace", "runner = \"w\""),
            member: metadata("package", "runner = \"m1\"\nimage = \"m1\"")
        )
        let configuration = try load()
        #expect(configuration.runner(target) == "w")
        #expect(configuration.image(target) == nil)
        let warnings = try configuration.warnings(for: target)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("m1/Cargo.toml") ?? false)
    }

    @Test func unusedKeysOfManifestsHaveTheirPlaces() throws {
        try write(workspace: metadata("workspace", "xargo = true"))
        try directory.write("Cross.toml", "[build]\nxargo = true")
        #expect(
            try load().warnings(for: target) == [
                "\(directory.path)/Cross.toml:2:1: unused key `build.xargo`",
                "\(directory.path)/Cargo.toml:5:1: unused key `target.a.xargo`",
            ]
        )
    }

    @Test func eachFileMustBeRightByItself() throws {
        try write(workspace: metadata("workspace", "runner = 1"))
        try directory.write("Cross.toml", "[target.a]\nrunner = \"f\"")
        let place = SourcePlace(
            file: directory.path.appending("Cargo.toml"),
            position: TOMLPosition(line: 5, column: 1)
        )
        let error = ConfigurationError.wrongType(
            place,
            key: "workspace.metadata.cross.target.a.runner",
            expected: "a string"
        )
        #expect(throws: error) { try load() }
    }

    @Test func theVariableNamesAnotherFile() throws {
        try write()
        try directory.write("Cross.toml", "[target.a]\nrunner = \"f\"")
        try directory.write("ci/x.toml", "[target.a]\nrunner = \"v\"")
        #expect(try load(["CROSS_CONFIG": "ci/x.toml"]).runner(target) == "v")
        #expect(throws: ConfigurationError.noSuchFile(directory.path.appending("y"))) {
            try load(["CROSS_CONFIG": "y"])
        }
        #expect(try load(["CROSS_CONFIG": ""]).runner(target) == "f")
    }

    @Test func theNameInLowerCaseIsPointedOut() throws {
        try write()
        try directory.write("cross.toml", "[target.a]\nrunner = \"f\"")
        let configuration = try load()
        #expect(configuration.runner(target) == nil)
        #expect(try configuration.warnings(for: target).count == 1)
    }
}
