// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Go's path.Clean and path.Join, which BuildKit uses.

/// Paths inside a stage, as text of a Dockerfile; split and joined by bytes.
enum GuestPath {
    /// An absolute path without `.`, `..` and doubled slashes; nothing is above the root.
    static func clean(_ path: String) -> String { join("/", path) }

    /// A path as seen from a directory, absolute and clean.
    static func join(_ directory: String, _ path: String) -> String {
        let whole = isAbsolute(path) ? path : "\(directory)/\(path)"
        var components: [String.UTF8View.SubSequence] = []
        for component in whole.utf8.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        return "/" + components.map { String(Substring($0)) }.joined(separator: "/")
    }

    /// A destination: clean, with a slash at the end where a directory is asked for.
    static func destination(_ path: String, in directory: String) -> String {
        let clean = join(directory, path)
        guard clean != "/" else { return clean }
        let last = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .last
        let asksForDirectory = last.map { ["", ".", ".."].contains(String(Substring($0))) } ?? true
        return asksForDirectory ? "\(clean)/" : clean
    }

    static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

    /// What is behind the last slash; `nil` where that is nothing that could name a file.
    static func lastComponent(_ path: String) -> String? {
        path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) }
    }
}
