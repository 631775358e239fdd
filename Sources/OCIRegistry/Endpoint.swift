// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import Foundation
import OCIStore

/// Where the API of a registry is.
struct Endpoint: Hashable {
    /// Host and optional port, as in a URL.
    let authority: String
    /// False only for a loopback registry that speaks plain HTTP.
    var isSecure = true

    init(of reference: ImageReference) {
        authority = reference.registry == "docker.io" ? "registry-1.docker.io" : reference.registry
    }

    /// The host without its port.
    var host: HostName {
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":")
        return HostName(String(authority[..<(end ?? authority.endIndex)]).filter { $0 != "[" })
    }

    /// The URL of `path` below `/v2/`; `nil` where the authority is no URL's.
    func url(_ path: String) -> URL? {
        URL(string: "\(isSecure ? "https" : "http")://\(authority)/v2/\(path)")
    }
}
