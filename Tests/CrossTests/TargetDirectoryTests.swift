// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import cross

/// A target directory is writable as a whole, so it must hold nothing that is the user's.
@Suite struct TargetDirectoryTests: ~Copyable {
    private let directory: TemporaryDirectory

    init() throws {
        let directory = try TemporaryDirectory()
        try directory.write("home/project/Cargo.toml", "[package]\nname = \"p\"")
        try directory.write("home/documents/letter", "")
        try directory.write("home/cache/CACHEDIR.TAG", "")
        self.directory = directory
    }

    private func path(_ name: String, _ arguments: [String] = []) throws -> String {
        let home = directory.path.appending("home")
        let project = home.appending("project")
        let host = Host(
            environment: ["HOME": home.string],
            workingDirectory: project,
            userName: nil,
            home: home
        )
        let manifest = project.appending("Cargo.toml")
        let mounts = ProjectMounts(
            host: host,
            root: WorkspaceRoot(package: manifest, manifest: manifest),
            cargoHome: try CargoHome(host)
        )
        let json = """
            {"workspace_root": "\(project)", "packages": [],
            "target_directory": "\(project.pushing(FilePath(name)).lexicallyNormalized())"}
            """
        return try TargetDirectory(
            try Invocation(["build"] + arguments),
            try Workspace(metadata: Array(json.utf8)),
            host,
            mounts
        ).path.string
    }

    @Test(arguments: ["target", "sub/target", "../cache", "../new", "../empty"])
    func whatIsCargosAloneIsTaken(name: String) throws {
        // As somebody makes it who then links the project's own there.
        try directory.write("home/empty/x", "")
        directory.path.pushing("home/empty/x").unlink()
        let expected = directory.path.pushing(FilePath("home/project/\(name)"))
        #expect(try path(name) == expected.lexicallyNormalized().string)
    }

    @Test(arguments: [".", "..", "../..", "/", "../documents"])
    func whatHoldsMoreIsRefused(name: String) {
        #expect(throws: WorkspaceError.self) { try path(name) }
    }

    @Test func theUsersOwnWordCountsForADirectoryOfTheirs() throws {
        let documents = directory.path.pushing(FilePath("home/documents")).string
        #expect(try path("target", ["--target-dir", documents]) == documents)
        #expect(throws: WorkspaceError.self) { try path("target", ["--target-dir", ".."]) }
    }
}
