// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import RootfsRecipe
import ServerTestSupport
import SystemPackage
import Testing

/// Python packages, fetched by the host's own pip from a directory.
@Suite struct WheelTests {
    let archive: TestArchive
    let mirror: TestMirror
    let digest: Digest

    init() throws {
        archive = try TestArchive()
        mirror = try TestMirror(archive.root)
        let name = "tiny-1.0-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.whl"
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w") as wheel:
                wheel.writestr("tiny/__init__.py", "")
                wheel.writestr("tiny/program", "#!/bin/sh\\n")
                wheel.writestr("tiny-1.0.data/scripts/tool", "#!/bin/sh\\n")
                info = "tiny-1.0.dist-info/"
                wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
                wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\n"
                    "Tag: py3-none-manylinux_2_12_x86_64\\n")
                wheel.writestr(info + "RECORD", "")
            """
        try archive.directory.write("wheels/empty", "")
        let file = archive.directory.path.appending("wheels/\(name)")
        try Command("python3", "-c", script, file.string).check(in: archive.directory)
        digest = Digest.of(try archive.directory.read(file))
    }

    @Test func aWheelBecomesALayer() throws {
        let run = try run(digest)
        let result = try run.check()
        #expect(result.errors.contains("    Fetching tiny 1.0"))
        let record = try #require(try run.record())
        let root = run.store.appending("rootfs/\(record.chainID.hex)/opt/tiny")
        #expect(FileManager.default.fileExists(atPath: root.appending("tiny/program").string))
        // Programs to be installed are where pip's --target has them, whatever mode the file says.
        #expect(FileManager.default.isExecutableFile(atPath: root.appending("bin/tool").string))
        #expect(!FileManager.default.fileExists(atPath: root.appending("tiny-1.0.data").string))
        // Another time it is in the store.
        #expect(!(try run.check().errors.contains("Fetching tiny")))
    }

    @Test func anotherDigestIsRefused() throws {
        let run = try run(.of([1]))
        let result = try run.run()
        #expect(result.status == 125)
        #expect(result.errors.contains("error: pip could not fetch tiny 1.0 (exit status 1)"))
        #expect(try run.trees().isEmpty)
    }

    @Test func withoutPipTheErrorSaysSo() throws {
        var run = try run(digest)
        // gpgv is needed before.
        let programs = run.directory.path.appending("programs")
        try FileManager.default.createDirectory(
            atPath: programs.string,
            withIntermediateDirectories: false
        )
        for name in ["gpgv"] {
            try FileManager.default.createSymbolicLink(
                atPath: programs.appending(name).string,
                withDestinationPath: "/usr/bin/\(name)"
            )
        }
        run.environment["PATH"] = programs.string
        let result = try run.run()
        #expect(result.status == 125)
        #expect(result.errors.contains("there is no pip in PATH"), "\(result.errors)")
        #expect(result.errors.contains("hint: install it"))
    }

    @Test(arguments: [("--index-url=x", "1.0"), ("tiny", "1.0 --hash=sha256:0"), ("", "1")])
    func namesThatAreMoreThanNamesAreRefused(_ name: String, _ version: String) throws {
        var recipe = RecipeRun.recipe
        recipe.wheels = [.init(name: name, version: version, digest: digest, directory: "/opt/x")]
        let result = try RecipeRun(archive, from: [mirror.address], recipe: recipe).run()
        #expect(result.status == 125)
        #expect(result.errors.contains("cannot be a Python package"), "\(result.errors)")
    }

    private func run(_ digest: Digest) throws -> RecipeRun {
        var recipe = RecipeRun.recipe
        recipe.wheels = [
            .init(name: "tiny", version: "1.0", digest: digest, directory: "/opt/tiny")
        ]
        var run = try RecipeRun(archive, from: [mirror.address], recipe: recipe)
        run.environment = [
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": archive.directory.path.appending("wheels").string,
        ]
        return run
    }
}
