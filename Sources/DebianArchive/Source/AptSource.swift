// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5).

public import SystemPackage

/// One source of binary packages, as apt's configuration has it.
///
/// Whether it is trusted without a signature is left out on purpose: nothing here ever is.
public struct AptSource: Hashable, Sendable {
    /// The addresses, as they are written; they may have passwords in them.
    var uris: [String]
    /// The suites.
    public var suites: [String]
    /// The components; none where the suites are directories of their own.
    public var components: [String]
    /// What may sign; `nil` where that is left to apt's own keyrings.
    public var signedBy: SigningKeys?
    /// The file that has it.
    public var file: FilePath
}

extension SigningKeys {
    /// Reads the value of `Signed-By`: absolute paths, fingerprints, or a key.
    init(signedBy value: String) {
        self.init(keyrings: [])
        guard !value.contains("-----BEGIN PGP") else {
            // deb822(5): a dot stands for an empty line.
            let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.filter { $0 != "\r" } }
                .map { $0.allSatisfy { $0 == "." || $0 == " " } ? "" : $0 }
            keyrings = [.armoured(lines.joined(separator: "\n"))]
            return
        }
        for word in value.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
            if word.hasPrefix("/") {
                keyrings.append(.file(FilePath(String(word))))
            } else {
                fingerprints.append(word.uppercased())
            }
        }
    }
}
