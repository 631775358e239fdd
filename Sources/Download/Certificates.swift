// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OpenSSL's SSL_CERT_FILE.

package import SystemPackage

/// The authorities that may vouch for a server.
package enum Certificates {
    /// Where distributions keep the bundle of public authorities.
    private static let systemBundles: [FilePath] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// All of them in PEM: `$SSL_CERT_FILE` or the system's, and `*.crt` of the directories.
    ///
    /// - Parameters:
    ///   - environment: by name.
    ///   - directories: of authorities for this server only, or files; those that are missing are passed
    ///     by.
    /// - Returns: `nil` where the system's alone will do.
    /// - Throws: `certificatesUnreadable`, also for a file that `SSL_CERT_FILE` names wrongly.
    package static func bundle(
        environment: [String: String],
        directories: [FilePath] = []
    ) throws(DownloadError) -> [UInt8]? {
        var own: [UInt8] = []
        for directory in directories {
            for path in try authorities(in: directory) {
                own += try read(path) + [UInt8(ascii: "\n")]
            }
        }
        if let named = environment["SSL_CERT_FILE"], !named.isEmpty {
            return own + (try read(FilePath(named)))
        }
        guard !own.isEmpty else { return nil }
        for path in systemBundles {
            if let bytes = try? contents(of: path) { return own + bytes }
        }
        return own
    }

    /// The `.crt` files; `.cert` and `.key` are a client's own certificate.
    private static func authorities(in directory: FilePath) throws(DownloadError) -> [FilePath] {
        do throws(Errno) {
            return try names(in: directory).filter { $0.suffix(4) == Array(".crt".utf8) }
                .sorted { $0.lexicographicallyPrecedes($1) }
                .map { directory.appending(String(decoding: $0, as: UTF8.self)) }
        } catch .noSuchFileOrDirectory {
            return []
        } catch .notDirectory {
            return [directory]
        } catch {
            throw .certificatesUnreadable(directory, error)
        }
    }

    private static func read(_ path: FilePath) throws(DownloadError) -> [UInt8] {
        do throws(Errno) {
            return try contents(of: path)
        } catch {
            throw .certificatesUnreadable(path, error)
        }
    }
}
