// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import PackagePlugin

/// Makes `rootfs-manifests` part of the program, so that it needs no files beside itself.
@main
struct EmbedManifests: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let directory = context.package.directoryURL.appending(path: "rootfs-manifests")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedManifests.swift")
        return [
            .buildCommand(
                displayName: "Embedding rootfs-manifests",
                executable: try context.tool(named: "embed-manifests").url,
                arguments: [directory.path, output.path],
                inputFiles: try manifests(directory),
                outputFiles: [output]
            )
        ]
    }

    private func manifests(_ directory: URL) throws -> [URL] {
        try [directory, directory.appending(path: "families")].flatMap { directory in
            try FileManager.default
                .contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "toml" }
        }
    }
}
