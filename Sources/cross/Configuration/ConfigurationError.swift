// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

/// What is wrong with the configuration.
enum ConfigurationError: Error, Equatable {
    case noSuchFile(FilePath)
    case unreadable(TextFileError)
    case syntax(FilePath, TOMLSyntaxError)
    case wrongType(SourcePlace, key: String, expected: String)
    case missingKey(SourcePlace, key: String)
    case invalidImage(String, ImageReferenceError)
    case invalidToolchain(String)
    case invalidRunner(String)
    case invalidIsolation(String)
    case invalidRootfs(String)
    case invalidCredential(String)
    case invalidAllowance(String)
    case invalidProjectAccess(String)
    case invalidLimit(String, key: String)
    case noCompilerCache
    case packagesInImage
    case invalidVariable(String)
    case notUTF8(variable: String)
    case noSuchVolume(FilePath)
}
