// SPDX-License-Identifier: MIT OR Apache-2.0

/// What proves to a registry who asks; never shown, logged or put into an error.
enum Credential: Sendable {
    case password(user: String, password: String)
    /// A token of the token server's own, exchanged for one that lets one pull.
    case identityToken(String)
}

/// A credential, and where it was found.
struct FoundCredential: Sendable {
    let credential: Credential
    let source: CredentialSource
}
