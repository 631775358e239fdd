// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import Subprocess
import SystemPackage
import Testing

/// Images that leave the store, for other programs and other machines, and come back.
@Suite(.serialized) struct ExportTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let image: String

    init() throws {
        let home = try Home()
        image = home.machine.image("small:latest")
        self.home = home
    }

    private func util(
        _ words: String...,
        store: String = "store",
        in directory: FilePath? = nil
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program("cross-util")] + words,
            in: directory,
            environment: ["CROSS_STORE": home.path.appending(store).string]
        )
    }

    /// The names of a store's root filesystems, which are chain IDs.
    private func chainIDs(_ store: String = "store") throws -> [String] {
        let path = home.path.pushing(FilePath("\(store)/rootfs")).string
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    /// Runs what others use, by whoever runs the tests.
    private func shell(_ script: String) async throws {
        let certificates = home.path.appending("certs")
        try FileManager.default.createDirectory(
            atPath: certificates.string,
            withIntermediateDirectories: true
        )
        try? FileManager.default.copyItem(
            atPath: home.path.appending("ca.crt").string,
            toPath: certificates.appending("ca.crt").string
        )
        let prelude = """
            set -euo pipefail; cd "$0"
            auth=(--authfile "$0/auth.json")
            # podman takes no longer path than 50 characters for it.
            run=$(mktemp -d /tmp/run.XXXXXX); trap 'rm -rf "$run"' EXIT
            podman() { command podman --root "$0/podman" --runroot "$run" --storage-driver vfs "$@"; }
            skopeo() { command skopeo --insecure-policy "$@"; }
            """
        let result = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: ["-c", "\(prelude)\n\(script)", home.path.string, image],
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(
            result.terminationStatus.isSuccess,
            "\(script): \(result.standardOutput)\(result.standardError)"
        )
        try home.give(home.path)
    }

    @Test func othersLoadWhatIsExportedAndWhatTheySaveIsTheSameHere() async throws {
        #expect(try await util("pull", image).code == 0)
        let pulled = try chainIDs()
        for output in ["image.tar", "again.tar", "layout/"] {
            let export = try await util("export", image, "-o", output)
            #expect(export.code == 0, "\(export.errors)")
        }
        let occupied = try await util("export", image, "-o", "layout/")
        #expect(occupied.code == 125 && occupied.errors.contains("has something in it"))
        #expect(try await util("export", "nothing:1", "-o", "x").errors.contains("cross-util pull"))

        try await shell(
            """
            cmp image.tar again.tar
            skopeo inspect oci:layout >/dev/null
            skopeo copy oci-archive:image.tar "docker-archive:skopeo.tar:$1"
            podman load --quiet --input image.tar
            podman save --quiet --format docker-archive --output docker.tar "$1"
            podman save --quiet --format oci-archive --output oci.tar "$1"
            """
        )
        for source in ["image.tar", "layout", "skopeo.tar", "docker.tar", "oci.tar"] {
            let store = "store-\(source)"
            let imported = try await util("import", source, "--as", "localhost/again", store: store)
            #expect(imported.code == 0, "\(source): \(imported.errors)")
            #expect(try chainIDs(store) == pulled, "\(source)")
        }
        #expect(try await util("store", "verify", store: "store-docker.tar").code == 0)
    }

    @Test func whatIsPushedIsPulledByOthersAndByUs() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        try "FROM \(registry.image)\nRUN echo built >/made\n"
            .write(
                toFile: home.path.appending("Dockerfile").string,
                atomically: true,
                encoding: .utf8
            )
        try home.give(home.path)
        let build = try await util("build", "-t", "localhost/made", ".")
        #expect(build.code == 0, "\(build.errors)")
        let destination = "\(registry.address)/made/by-us:1"
        let push = try await util("push", "localhost/made", destination)
        #expect(push.code == 0 && push.errors.contains("Pushed"), "\(push.errors)")
        let again = try await util("push", "localhost/made", destination, "--compression", "gzip")
        #expect(again.code == 0 && !again.errors.contains("Pushed"), "\(again.errors)")

        try await shell(
            """
            podman pull --quiet --cert-dir certs "${auth[@]}" \(destination)
            podman image inspect \(destination) >/dev/null
            directory=$(podman image mount \(destination) 2>/dev/null || true)
            [[ -z $directory ]] || grep -x built "$directory/made"
            """
        )
        let pull = try await util("pull", destination, store: "other")
        #expect(pull.code == 0, "\(pull.errors)")
        // The layers that came from a registry are those that it had.
        #expect(
            try await util("pull", registry.image, store: "other").errors.contains("nothing to")
        )
        let made = home.path.pushing(FilePath("other/rootfs"))
        let files = try await home.run(["/bin/sh", "-c", "cat \(made)/*/made"])
        #expect(files.output == "built\n", "\(files.errors)")

        let token = Data("demo:wrong".utf8).base64EncodedString()
        try "{\"auths\": {\"\(registry.address)\": {\"auth\": \"\(token)\"}}}"
            .write(
                toFile: home.path.appending("auth.json").string,
                atomically: true,
                encoding: .utf8
            )
        let denied = try await util("push", "localhost/made", destination)
        #expect(denied.code == 125 && denied.errors.contains(registry.address), "\(denied.errors)")
    }

    /// Elsewhere there is neither the registry nor a shell that does the pre-build.
    @Test func aBundleIsAllThatAProjectNeeds() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        let project = try home.project(
            """
            [target.\(Self.triple)]
            image = "\(registry.image)"
            pre-build = ["echo once >/made-$(cat /proc/sys/kernel/random/uuid)"]
            """
        )
        let pull = try await util("pull", "--target", Self.triple, in: project)
        #expect(pull.code == 0, "\(pull.errors)")
        let bundle = try await util("export", "--bundle", "-o", "../bundle.tar", in: project)
        #expect(bundle.code == 0, "\(bundle.errors)")
        try await registry.stop()

        let imported = try await util("import", "bundle.tar", store: "elsewhere")
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(try chainIDs("elsewhere") == chainIDs())
        let frozen = try await util(
            "pull",
            "--frozen",
            "--target",
            Self.triple,
            store: "elsewhere",
            in: project
        )
        #expect(frozen.code == 0 && frozen.errors.isEmpty, "\(frozen.errors)")
        #expect(try chainIDs("elsewhere") == chainIDs())
    }
}
