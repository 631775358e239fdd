// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Foundation
import OCIRegistry
import OCIStore
import RootfsRecipe

/// What the process that may run programs is asked by the one that may not.
///
/// A closed set: whoever has made the latter its own can have no other program run than these, and
/// with no other arguments.
enum HelperQuestion: Codable, Sendable {
    /// The credential of a server, of the helper of that name.
    case credential(name: String, server: String)
    /// Who has signed a text; the paths are below the store.
    case signature(signed: Data, keyrings: [String], output: String, home: String)
    /// A Python package, into a directory below the store.
    case wheel(Recipe.Wheel, Platform, directory: String)
}

/// What it answers.
enum HelperAnswer: Codable, Sendable {
    case credential(CredentialHelperAnswer)
    case signature(SignatureReport)
    case noVerifier
    /// gpgv could not be started; with errno.
    case notStarted(Int32)
    /// A file could not be written for it: its path, and errno.
    case unwritable(String, Int32)
    /// The path of the file.
    case wheel(String)
    case wheelFailure(WheelError)
    /// The question is none for this process, or the answer is not to be had.
    case refused
}
