// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// A file of an archive at one of the archive's addresses.
struct ArchiveFile {
    /// Where the file is.
    enum Place {
        /// An `http` or `https` URL without a user.
        case server(URL)
        /// A file of this machine.
        case local(FilePath)
    }

    let place: Place
    /// The value of the `Authorization` header; never shown.
    let authorization: String?
    /// The address without user and password.
    let description: String

    /// A file by its path.
    ///
    /// - Parameters:
    ///   - path: of plain components; what a URL needs escaped, is.
    ///   - base: where the archive is.
    init?(_ path: String, in base: ArchiveBase) {
        guard base.scheme != "file" else {
            let directory = base.path.removingPercentEncoding ?? base.path
            place = .local(FilePath(directory).pushing(FilePath(path)))
            authorization = nil
            description = base.address(of: path)
            return
        }
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        // apt escapes the plus sign, which some servers take for a blank.
        let address = base.address(of: escaped.replacing("+", with: "%2b"))
        guard let url = URL(string: address) else { return nil }
        place = .server(url)
        description = address
        authorization = base.credential.map {
            "Basic \(Data("\($0.user):\($0.password)".utf8).base64EncodedString())"
        }
    }
}
