// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup book, "Toolchains", "Toolchain specification".

/// The name of a toolchain that rustup installed, told apart.
///
/// Shape: `<channel>[-<date>]-<triple>`, such as `nightly-2026-01-31-x86_64-unknown-linux-gnu`.
struct ToolchainName: Equatable, CustomStringConvertible {
    /// `stable`, `beta`, `nightly` or a version.
    let channel: String
    /// Of a release that is not the newest.
    let date: String?
    /// What its own programs run on.
    var triple: String

    var description: String {
        ([channel] + [date].compactMap(\.self) + [triple]).joined(separator: "-")
    }

    /// Reads a name; `nil` where it is one that a user gave.
    init?(_ name: String) {
        var parts = name.split(separator: "-", omittingEmptySubsequences: false)[...]
        guard let channel = parts.popFirst(), Self.isChannel(channel) else { return nil }
        let date = parts.prefix(3)
        if date.map(\.count) == [4, 2, 2], date.allSatisfy({ $0.allSatisfy(\.isNumber) }) {
            parts = parts.dropFirst(3)
            self.date = date.joined(separator: "-")
        } else {
            self.date = nil
        }
        guard parts.count >= 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.channel = String(channel)
        triple = parts.joined(separator: "-")
    }

    private static func isChannel(_ text: Substring) -> Bool {
        ["stable", "beta", "nightly"].contains(text)
            || (text.first?.isNumber ?? false) && text.allSatisfy { $0.isNumber || $0 == "." }
    }
}
