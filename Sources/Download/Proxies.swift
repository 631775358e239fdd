// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: libcurl-env(3), CURLOPT_NOPROXY(3).

/// Which requests go around the proxies that the environment names.
package enum Proxies {
    /// What `no_proxy` lists, or `NO_PROXY`, and always this machine.
    ///
    /// libcurl by itself would hand a proxy what is meant for a registry on loopback, password and
    /// all, where that speaks plain HTTP.
    ///
    /// - Parameter environment: by name.
    /// - Returns: names and networks, in libcurl's notation.
    package static func directHosts(_ environment: [String: String]) -> String {
        let named = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        // An asterisk only counts alone.
        if named == "*" { return named }
        let own = "localhost,127.0.0.1,127.0.0.0/8,::1"
        return named.isEmpty ? own : "\(named),\(own)"
    }

    /// Whether some requests go through a proxy, which then resolves the names of hosts.
    ///
    /// - Parameter environment: by name.
    /// - Returns: true where one is named, for whichever hosts.
    package static func areNamed(_ environment: [String: String]) -> Bool {
        ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
            .contains { environment[$0, default: ""] != "" }
    }
}
