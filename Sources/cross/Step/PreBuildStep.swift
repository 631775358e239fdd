// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `PreBuild` and docs/custom_images.md.

import SystemPackage

extension PreBuild {
    /// The step that it is in a root filesystem.
    ///
    /// - Parameters:
    ///   - target: what will be built.
    ///   - rootfs: whose environment and working directory it has.
    /// - Returns: what a `StepRunner` does.
    /// - Throws: `StepError`, where a script cannot be read.
    func step(_ target: Target, _ rootfs: borrowing Rootfs) throws(StepError) -> BuildStep {
        var environment = rootfs.environment
        environment["PATH"] = rootfs.searchPath
        environment["HOME"] = environment["HOME"] ?? "/root"
        environment["DEBIAN_FRONTEND"] = environment["DEBIAN_FRONTEND"] ?? "noninteractive"
        environment["CROSS_TARGET"] = target.triple
        environment["CROSS_DEB_ARCH"] = target.debianArchitecture ?? ""
        let directory = rootfs.workingDirectory
        switch self {
        case .lines(let lines): return Self.step(lines, environment, in: directory)
        case .script(let path): return try Self.step(path, target, environment, in: directory)
        }
    }

    /// One shell does every line, and nothing after one that fails.
    private static func step(
        _ lines: [String],
        _ environment: [String: String],
        in directory: String
    ) -> BuildStep {
        var environment = environment
        environment["CROSS_CMD"] = lines.joined(separator: "\n")
        return BuildStep(
            title: "pre-build",
            parts: lines.enumerated().map { "line \($0 + 1), `\($1)`" },
            arguments: ["/bin/sh", "-c", shell, "sh"] + lines,
            environment: environment,
            workingDirectory: directory
        )
    }

    /// A line that is no whole command makes one together with those around it.
    private static let shell = #"""
        set -e
        for CROSS_LINE; do
            case $CROSS_LINE in *'<<'* | *\\) ! : ;; *) sh -n -c "$CROSS_LINE" ;; esac 2>/dev/null ||
                { eval "$CROSS_CMD"; exit; }
        done
        CROSS_PART=0
        for CROSS_LINE; do
            CROSS_PART=$((CROSS_PART + 1))
            echo $CROSS_PART >/run/cross/part
            eval "$CROSS_LINE"
        done
        """#

    private static func step(
        _ path: FilePath,
        _ target: Target,
        _ environment: [String: String],
        in directory: String
    ) throws(StepError) -> BuildStep {
        let script: String?
        do throws(TextFileError) {
            script = try TextFile.read(path)
        } catch {
            throw .unreadable(error)
        }
        guard let script else { throw .noScript(path) }
        return BuildStep(
            title: "pre-build `\(path)`",
            // A shell also runs what has no interpreter's name in its first line.
            arguments: ["/bin/sh", "-c", #"/pre-build-script "$1""#, "sh", target.triple],
            environment: environment,
            workingDirectory: directory,
            files: [StepFile(path: "/pre-build-script", content: Array(script.utf8), mode: 0o755)]
        )
    }
}
