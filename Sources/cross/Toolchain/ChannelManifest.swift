// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup, `lib/rustlib/multirust-channel-manifest.toml` of a toolchain.

import SystemPackage

/// What rustup wrote down of a toolchain that it installed.
enum ChannelManifest {
    /// Below a sysroot.
    static let path = FilePath("lib/rustlib/multirust-channel-manifest.toml")

    /// The compiler's version, without running it: it may be for another machine.
    ///
    /// - Parameter sysroot: of the toolchain.
    /// - Returns: `.unknown` where the manifest does not say.
    static func version(of sysroot: FilePath) -> RustVersion {
        guard let text = try? TextFile.read(sysroot.pushing(path)) else { return .unknown }
        return version(in: text)
    }

    /// The version in a manifest's text; the file has a megabyte of other tables.
    static func version(in text: String) -> RustVersion {
        let lines = text.split(separator: "\n").drop { $0 != "[pkg.rust]" }
        let beginning = "version = \""
        guard let line = lines.prefix(8).first(where: { $0.hasPrefix(beginning) }) else {
            return .unknown
        }
        return RustVersion("rustc " + line.dropFirst(beginning.count).prefix { $0 != "\"" })
    }
}
