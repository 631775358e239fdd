// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

// Writes a directory of manifests as Swift: embed-manifests DIRECTORY OUTPUT. The names are those of
// the files below the directory, without `.toml`.
let arguments = CommandLine.arguments
guard arguments.count == 3 else { fatalError("usage: embed-manifests DIRECTORY OUTPUT") }
let directory = URL(filePath: arguments[1], directoryHint: .isDirectory)

let names = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
    .filter { $0.hasSuffix(".toml") }
    .map { String($0.dropLast(".toml".count)) }
    .sorted()
let entries = try names.map { name in
    let text = try String(
        contentsOf: directory.appending(path: "\(name).toml"),
        encoding: .utf8
    )
    // As many as no manifest will ever have after a quotation mark.
    return "        \"\(name)\": ####\"\"\"\n\(text)\n\"\"\"####,"
}
let source = """
    /// The files of rootfs-manifests by their names without `.toml`.
    enum EmbeddedManifests {
        static let texts: [String: String] = [
    \(entries.joined(separator: "\n"))
        ]
    }

    """
try Data(source.utf8).write(to: URL(filePath: arguments[2]))
