// SPDX-License-Identifier: MIT OR Apache-2.0

package import SystemPackage

extension Transport {
    /// A transport as its surroundings want it, which asks nobody yet.
    ///
    /// - Parameters:
    ///   - environment: by name; `SSL_CERT_FILE` and what names proxies are read. Proxies but for `NO_PROXY`
    ///     are libcurl's matter, which reads the process's own.
    ///   - authorities: directories of authorities for this server only, or files.
    ///   - stall: seconds in which no connection is made, or less than 1 KiB comes.
    ///   - connections: to one host at most; kept between requests.
    ///   - headers: how much of them an answer may have.
    /// - Throws: `certificatesUnreadable`.
    package convenience init(
        environment: [String: String],
        trusting authorities: [FilePath] = [],
        stall: Int,
        connections: Int = 6,
        headers: HeaderLimits = HeaderLimits()
    ) throws(DownloadError) {
        self.init(
            certificates: try Certificates.bundle(
                environment: environment,
                directories: authorities
            ),
            directHosts: Proxies.directHosts(environment),
            stall: stall,
            connections: connections,
            resolvesNames: !Proxies.areNamed(environment),
            headers: headers
        )
    }
}
