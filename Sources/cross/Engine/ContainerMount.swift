// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: docker-run(1), `--volume` and `--mount`.

import Sandbox
import SystemPackage

/// Mounts as a container engine's command line spells them.
enum ContainerMount {
    /// Reads `source:target[:options]`, or the `target` of an empty directory.
    static func volume(_ text: String, _ host: Host) throws(ContainerOptionsError) -> Mount {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let options = parts.dropFirst(2).flatMap { $0.split(separator: ",").map(String.init) }
        guard parts.count <= 3, options.allSatisfy(volumeOptions.contains) else {
            throw .invalidValue("--volume", text)
        }
        guard parts.count > 1 else { return try temporary(text, "--volume", text) }
        // A name without a slash is that of a volume which an engine keeps.
        guard parts[0].contains("/") || parts[0] == "." || parts[0] == ".." else {
            throw .namedVolume(parts[0])
        }
        let access: Mount.Access = options.contains("ro") ? .readOnly : .readWrite
        return try bind(parts[0], to: parts[1], access, "--volume", text, host)
    }

    /// Labels of SELinux and hints for engines on other systems mean nothing here.
    private static let volumeOptions: Set<String> = [
        "ro", "rw", "z", "Z", "cached", "delegated", "consistent",
    ]

    /// Reads `type=bind,source=…,target=…[,readonly]` or `type=tmpfs,target=…`.
    static func mount(_ text: String, _ host: Host) throws(ContainerOptionsError) -> Mount {
        var fields: [String: String] = [:]
        for field in text.split(separator: ",") {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first.flatMap({ fieldNames[$0] }) else {
                throw .invalidValue("--mount", text)
            }
            fields[name] = parts.count == 2 ? parts[1] : "true"
        }
        let target = fields["target"] ?? ""
        switch (fields["type"], fields["source"]) {
        case ("tmpfs", nil): return try temporary(target, "--mount", text)
        case ("bind", let source?):
            let isReadOnly = fields["readonly"].map { Truth($0).value } ?? false
            let access: Mount.Access = isReadOnly ? .readOnly : .readWrite
            return try bind(source, to: target, access, "--mount", text, host)
        default: throw .invalidValue("--mount", text)
        }
    }

    private static let fieldNames = [
        "type": "type", "source": "source", "src": "source", "target": "target", "dst": "target",
        "destination": "target", "readonly": "readonly", "ro": "readonly",
    ]

    private static func temporary(
        _ target: String,
        _ option: String,
        _ text: String
    ) throws(ContainerOptionsError) -> Mount {
        Mount(target: try place(target, option, text), kind: .temporary(mode: 0o755))
    }

    private static func bind(
        _ source: String,
        to target: String,
        _ access: Mount.Access,
        _ option: String,
        _ text: String,
        _ host: Host
    ) throws(ContainerOptionsError) -> Mount {
        let path = host.absolute(FilePath(source))
        guard let real = path.canonical else { throw .noSuchFile(path) }
        return Mount(
            target: try place(target, option, text),
            kind: .bind(real, access, missing: .fail)
        )
    }

    /// Where something is mounted: absolute, and not the root itself.
    private static func place(
        _ target: String,
        _ option: String,
        _ text: String
    ) throws(ContainerOptionsError) -> FilePath {
        let path = FilePath(target).lexicallyNormalized()
        guard path.isAbsolute, path.components.count > 0 else {
            throw .invalidValue(option, text)
        }
        return path
    }
}
