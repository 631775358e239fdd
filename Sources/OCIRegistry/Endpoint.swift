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
    /// Where its API begins.
    private let basePath: String
    /// The registry that a mirror stands for, where it wants to be told.
    private let namespace: String?

    init(of reference: ImageReference) {
        self.init(at: RegistryStop(reference: reference))
    }

    init(at stop: RegistryStop) {
        let reference = stop.reference
        basePath = stop.basePath
        namespace = stop.namespace
        authority = reference.registry == "docker.io" ? "registry-1.docker.io" : reference.registry
    }

    /// The host without its port.
    var host: HostName {
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":")
        return HostName(String(authority[..<(end ?? authority.endIndex)]).filter { $0 != "[" })
    }

    /// The URL of `path` of the API; `nil` where the authority is no URL's.
    func url(_ path: String) -> URL? {
        let query = namespace.map { "?ns=\($0)" } ?? ""
        return URL(
            string: "\(isSecure ? "https" : "http")://\(authority)\(basePath)\(path)\(query)"
        )
    }
}
