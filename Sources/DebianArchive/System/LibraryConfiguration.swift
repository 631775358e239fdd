// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: ldconfig(8), "/etc/ld.so.conf".

/// Where else than in the standard directories there are libraries.
enum LibraryConfiguration {
    /// The directories that `/etc/ld.so.conf` and what it includes name, in their order.
    static func directories(of layer: SystemLayer) throws(SystemError) -> [String] {
        try directories(in: "etc/ld.so.conf", of: layer, depth: 0)
    }

    private static func directories(
        in file: String,
        of layer: SystemLayer,
        depth: Int
    ) throws(SystemError) -> [String] {
        guard depth < 8, let content = try layer.content(file) else { return [] }
        var directories: [String] = []
        for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split { " \t\r,:".contains($0) }
            guard let first = words.first else { continue }
            if first == "include" {
                for pattern in words.dropFirst() {
                    for file in files(matching: String(pattern), of: layer) {
                        directories += try Self.directories(in: file, of: layer, depth: depth + 1)
                    }
                }
            } else if first.hasPrefix("/") {
                var directory = first
                while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
                directories.append(String(directory))
            }
        }
        return directories
    }

    /// The files of a pattern whose last component may have one `*`.
    private static func files(matching pattern: String, of layer: SystemLayer) -> [String] {
        let parts = pattern.split(separator: "/").map { String($0) }
        guard let last = parts.last else { return [] }
        let directory = parts.dropLast().joined(separator: "/")
        let ends = last.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return [parts.joined(separator: "/")] }
        return layer.names(in: directory)
            .filter { $0.hasPrefix(ends[0]) && $0.hasSuffix(ends[1]) && !$0.hasPrefix(".") }
            .map { "\(directory)/\($0)" }
    }
}
