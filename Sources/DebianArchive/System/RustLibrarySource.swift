// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "build-std", "Overriding Dependencies" and "Cargo.toml vs Cargo.lock".

import OCIStore

/// The sources of Rust's standard library, so that cargo builds them from what lies beside them.
///
/// The package has the crates that the library depends on in a directory, but its manifest and lock
/// name a registry for them. A source replacement in cargo's configuration would hold for the
/// project as well; a patch in the library's own manifest holds for the library alone.
enum RustLibrarySource {
    private static let sources = "usr/src"

    static func apply(to layer: inout SystemLayer) throws(SystemError) {
        for name in layer.names(in: sources) where name.hasPrefix("rustc-") {
            let library = "\(sources)/\(name)/library"
            let crates = layer.names(in: "\(library)/vendor").compactMap(VendoredCrate.init)
            guard !crates.isEmpty, let manifest = try layer.content("\(library)/Cargo.toml"),
                let lock = try layer.content("\(library)/Cargo.lock")
            else { continue }
            layer.write(patched(text(manifest), crates), to: "\(library)/Cargo.toml")
            layer.write(unsourced(text(lock), crates), to: "\(library)/Cargo.lock")
        }
    }

    /// The manifest with the crates among its patches of the registry.
    private static func patched(_ manifest: String, _ crates: [VendoredCrate]) -> String {
        let heading = "[patch.crates-io]"
        var lines = manifest.split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init
        )
        let patches = crates.map(\.patch)
        if let place = lines.firstIndex(of: heading) {
            lines.insert(contentsOf: patches, at: place + 1)
        } else {
            lines += [heading] + patches + [""]
        }
        return lines.joined(separator: "\n")
    }

    /// The lock with nothing said of where the crates come from, as for any crate on disk.
    private static func unsourced(_ lock: String, _ crates: [VendoredCrate]) -> String {
        let known = Set(crates.map { "name = \"\($0.name)\"\nversion = \"\($0.version)\"" })
        return lock.split(separator: "\n\n").map { block in
            let lines = block.split(separator: "\n").map(String.init)
            guard lines.count > 2, known.contains(lines[1...2].joined(separator: "\n")) else {
                return String(block)
            }
            return lines.filter { !$0.hasPrefix("source = ") && !$0.hasPrefix("checksum = ") }
                .joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n"
    }

    private static func text(_ content: [UInt8]) -> String {
        String(decoding: content, as: UTF8.self)
    }
}

/// A crate in a directory that is called by its name and version.
private struct VendoredCrate {
    let directory: String
    let name: String
    let version: String

    /// Reads a directory's name; `nil` for one that is no crate's.
    init?(_ directory: String) {
        let isPlain = directory.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "+"):
                true
            default: false
            }
        }
        let bytes = Array(directory.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let dash = bytes.indices.dropLast().first { index in
            bytes[index] == UInt8(ascii: "-") && digits.contains(bytes[index + 1])
        }
        guard isPlain, let dash, dash > 0 else { return nil }
        self.directory = directory
        name = String(decoding: bytes[..<dash], as: UTF8.self)
        version = String(decoding: bytes[(dash + 1)...], as: UTF8.self)
    }

    /// The line of a manifest; its key tells versions of one crate apart.
    var patch: String {
        let key = String(directory.map { ".+".contains($0) ? "_" : $0 })
        return "\(key) = { package = \"\(name)\", path = \"vendor/\(directory)\" }"
    }
}
