// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import PackagePlugin

/// Makes the filters of system calls part of the program, so that no run has to make them.
@main
struct EmbedFilters: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFilters.swift")
        return [
            .buildCommand(
                displayName: "Embedding filters of system calls",
                executable: try context.tool(named: "embed-filters").url,
                arguments: [output.path],
                outputFiles: [output]
            )
        ]
    }
}
