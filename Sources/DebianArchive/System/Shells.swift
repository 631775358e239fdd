// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: update-shells(8); shells(5).

import OCIStore

/// The login shells, as update-shells collects them from packages.
enum Shells {
    static func apply(to layer: inout SystemLayer) throws(SystemError) {
        guard let template = try layer.content("usr/share/debianutils/shells") else { return }
        var packaged: [String] = []
        let directory = "usr/share/debianutils/shells.d"
        let files = layer.names(in: directory).map { "\(directory)/\($0)" }
        for file in ["usr/share/debianutils/shells"] + files {
            guard let content = try layer.content(file) else { continue }
            for line in lines(of: content) {
                let shell = String(line.prefix { $0 != "#" })
                guard !shell.isEmpty else { continue }
                for name in [shell, merged(shell)] where !packaged.contains(name) {
                    packaged.append(name)
                }
            }
        }
        let own = lines(of: template)
        let added = packaged.filter { !own.contains($0) }
        layer.write((own + added).map { "\($0)\n" }.joined(), to: "etc/shells")
        layer.write(packaged.map { "\($0)\n" }.joined(), to: "var/lib/shells.state")
    }

    /// The same shell where its directory is no link.
    private static func merged(_ shell: String) -> String {
        guard let path = try? LayerPath(shell.utf8) else { return shell }
        let resolved = MergedUsr.resolved(path, isDirectory: false)
        return "/" + String(decoding: resolved.bytes, as: UTF8.self)
    }

    private static func lines(of content: [UInt8]) -> [String] {
        String(decoding: content, as: UTF8.self).split(separator: "\n").map { String($0) }
    }
}
