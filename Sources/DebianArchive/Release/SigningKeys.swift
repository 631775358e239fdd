// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5), "Signed-By"; apt-secure(8).

public import SystemPackage

/// The keys whose signatures on a release are believed.
public struct SigningKeys: Hashable, Sendable {
    /// Where keys are.
    public enum Keyring: Hashable, Sendable {
        /// A file, binary or in ASCII armour.
        case file(FilePath)
        /// Keys in ASCII armour.
        case armoured(String)
    }

    /// All keys come from these.
    public var keyrings: [Keyring]
    /// Fingerprints of those keys that count; where there are none, all do.
    ///
    /// Shape: 40 or more upper-case digits; an exclamation mark after them leaves subkeys out.
    public var fingerprints: [String]

    /// Keys of the given keyrings.
    public init(keyrings: [Keyring], fingerprints: [String] = []) {
        self.keyrings = keyrings
        self.fingerprints = fingerprints
    }

    /// Whether a key may sign.
    ///
    /// - Parameters:
    ///   - key: the fingerprint of the key, or subkey, that did.
    ///   - primary: the fingerprint of the key it belongs to.
    /// - Returns: whether it is one of the keys.
    func admit(key: String, primary: String) -> Bool {
        fingerprints.isEmpty || fingerprints.contains(key) || fingerprints.contains("\(key)!")
            || fingerprints.contains(primary)
    }
}
