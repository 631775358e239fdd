// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage

/// A registry of one test's own, to be stopped or spoilt, with the small image as `small:latest`.
struct PrivateRegistry: ~Copyable {
    let machine: Machine
    let directory: FilePath
    let address: String

    init() async throws {
        let machine = try Machine()
        let directory = FilePath("/var/tmp/cross-registry-\(UUID().uuidString)")
        let settings = try await Self.script("start", directory, machine)
        try await Self.push(machine, directory)
        let line = settings.split(separator: "\n").first { $0.hasPrefix("REGISTRY=") }
        self.machine = machine
        self.directory = directory
        address = line.map { String($0.dropFirst("REGISTRY=".count)) } ?? ""
    }

    deinit {
        let stop = Process()
        stop.executableURL = URL(filePath: "/bin/sh")
        stop.arguments = [
            "-c", "kill $(cat $0/pid 2>/dev/null) 2>/dev/null; rm -rf $0", directory.string,
        ]
        try? stop.run()
        stop.waitUntilExit()
    }

    /// The whole name of the image.
    var image: String { "\(address)/small:latest" }

    func start() async throws { _ = try await Self.script("start", directory, machine) }
    func stop() async throws { _ = try await Self.script("stop", directory, machine) }

    /// Makes a home speak to this registry.
    func introduce(to home: borrowing Home) throws {
        for (file, name) in [("ca.crt", "ca.crt"), ("auth.json", "auth.json")] {
            let copy = home.path.appending(name).string
            try FileManager.default.removeItem(atPath: copy)
            try FileManager.default.copyItem(
                atPath: directory.appending(file).string,
                toPath: copy
            )
        }
        try home.give(home.path)
    }

    /// The files of the image's layers in the registry's storage, largest first.
    func layerFiles() throws -> [FilePath] {
        let blobs = directory.pushing("data/docker/registry/v2/blobs/sha256")
        let files = FileManager.default.enumerator(atPath: blobs.string)?.allObjects ?? []
        let sizes = try files.compactMap { $0 as? String }.filter { $0.hasSuffix("/data") }
            .map { name in
                let path = blobs.pushing(FilePath(name))
                let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
                return (path, (attributes[.size] as? Int) ?? 0)
            }
        return sizes.sorted { $0.1 > $1.1 }.map(\.0)
    }

    /// How often each blob was asked for, by the tail of its URL.
    func requests() throws -> [String: Int] {
        let log = try String(contentsOfFile: directory.appending("log").string, encoding: .utf8)
        var counts: [String: Int] = [:]
        for line in log.split(separator: "\n")
        where line.contains("response completed") && line.contains("method=GET") {
            guard let range = line.range(of: "/blobs/sha256:"),
                line.contains("status=200") || line.contains("status=206")
            else { continue }
            counts[String(line[range.upperBound...].prefix(64)), default: 0] += 1
        }
        return counts
    }

    /// Pushes the image's manifest again under another tag, with some text in it replaced.
    func push(tag: String, replacing old: String, with new: String) async throws {
        let script = """
            set -euo pipefail; . "$1/environment"
            call() { curl -sS -f --cacert "$CA" --user "$USER_NAME:$PASSWORD" "$@"; }
            accept='application/vnd.oci.image.manifest.v1+json'
            call -H "Accept: $accept" "https://$REGISTRY/v2/small/manifests/latest" >"$1/manifest"
            sed -i "s|$3|$4|" "$1/manifest"
            call -X PUT -H "Content-Type: $accept" --data-binary "@$1/manifest" \
                "https://$REGISTRY/v2/small/manifests/$2"
            """
        try await Self.bash(script, [directory.string, tag, old, new])
    }

    /// Lets `small:latest` be another image: the same layers, and one more variable.
    func replaceImage(with variable: String) async throws {
        let script = """
            set -euo pipefail; . "$1/environment"
            cp -r "$2" "$1/replaced"
            umoci config --image "$1/replaced:small" --config.env "$3"
            skopeo --insecure-policy copy --quiet --dest-cert-dir "$1/certs" --authfile "$AUTH_FILE" \
                "oci:$1/replaced:small" "docker://$REGISTRY/small:latest"
            rm -r "$1/replaced"
            """
        try await Self.bash(script, [directory.string, machine.smallImage.string, variable])
    }

    private static func push(_ machine: Machine, _ directory: FilePath) async throws {
        let script = """
            set -euo pipefail; . "$1/environment"; mkdir -p "$1/certs"; cp "$CA" "$1/certs/ca.crt"
            skopeo --insecure-policy copy --quiet --dest-cert-dir "$1/certs" --authfile "$AUTH_FILE" \
                "oci:$2:small" "docker://$REGISTRY/small:latest"
            """
        try await bash(script, [directory.string, machine.smallImage.string])
    }

    private static func script(
        _ verb: String,
        _ directory: FilePath,
        _ machine: Machine
    ) async throws -> String {
        try await bash(
            "exec \"$1\" \"$2\" \"$3\"",
            [machine.registryScript, verb, directory.string]
        )
    }

    @discardableResult
    private static func bash(_ script: String, _ words: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: Arguments(["-c", script, "bash"] + words),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw ScriptFailed(reason: result.standardError)
        }
        return result.standardOutput
    }
}

/// Why a test's own preparation failed.
struct ScriptFailed: Error {
    let reason: String
}
