// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import SystemPackage

/// The distribution's registry on 127.0.0.1, with TLS of an authority of its own and, unless it is open
/// to all, a password.
final class RealRegistry {
    let directory: TemporaryDirectory
    let port: UInt16
    private let process: Process

    /// The authority's certificate.
    var authority: FilePath { directory.path.appending("ca.crt") }

    /// The password file for clients.
    var credentials: FilePath { directory.path.appending("auth.json") }

    var host: String { "localhost:\(port)" }

    /// The variables that let a client in.
    var environment: [String: String] {
        ["SSL_CERT_FILE": authority.string, "REGISTRY_AUTH_FILE": credentials.string]
    }

    init(isOpen: Bool = false) throws {
        directory = try TemporaryDirectory()
        port = try freePort()
        try Self.makeCertificates(in: directory)
        let password = try Command("htpasswd", "-Bbn", "user", "secret").check(in: directory)
        let passwords = try directory.write("htpasswd", password.output)
        let configuration = try directory.write(
            "config.yml",
            """
            version: 0.1
            log: {accesslog: {disabled: false}, level: error}
            storage: {filesystem: {rootdirectory: "\(directory.path)/data"}}
            http:
              addr: "127.0.0.1:\(port)"
              tls: {certificate: "\(directory.path)/server.crt", key: "\(directory.path)/server.key"}
            \(isOpen ? "" : "auth: {htpasswd: {realm: test, path: \"\(passwords)\"}}")
            """
        )
        process = try Command("docker-registry", "serve", configuration.string)
            .start(in: directory).process
        try Self.write(user: "user:secret", for: "localhost:\(port)", to: directory)
        try waitUntilListening(port)
    }

    deinit {
        stop()
    }

    /// Ends it for good.
    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// How often each blob was asked for.
    func requests(for digest: Digest) throws -> Int { try answers(for: digest).count }

    /// The lines of the registry's own access log that say that it gave a blob out.
    func answers(for digest: Digest) throws -> [Substring] {
        let logs = try FileManager.default.contentsOfDirectory(atPath: directory.path.string)
            .filter { $0.hasPrefix("output-") }
        return try logs.flatMap { name in
            let text = try String(
                contentsOfFile: directory.path.appending(name).string,
                encoding: .utf8
            )
            return text.split(separator: "\n").filter { line in
                line.contains("GET /v2/") && line.contains("/blobs/\(digest)")
                    && line.contains("\" 200 ")
            }
        }
    }

    /// Pushes an image as skopeo does, which compresses its layers.
    func push(_ image: ImageFixture, as name: String, format: String = "oci") throws {
        let layout = "layout-\(UUID().uuidString)"
        for blob in image.layers + [image.configuration, image.manifest] {
            try directory.write("\(layout)/blobs/sha256/\(Digest.of(blob).hex)", blob)
        }
        let entry = ImageFixture.descriptor(image.manifest, type: ImageFixture.manifestType)
        try directory.write(
            "\(layout)/index.json",
            #"{"schemaVersion":2,"manifests":[\#(entry)]}"#
        )
        try directory.write("\(layout)/oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
        try directory.write("certificates/ca.crt", try directory.read(authority))
        try Command(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--quiet",
            "--format",
            format,
            "--dest-creds",
            "user:secret",
            "--dest-cert-dir",
            "\(directory.path)/certificates",
            "oci:\(directory.path)/\(layout)",
            "docker://\(host)/\(name)"
        ).check(in: directory)
    }

    /// The file in which the registry keeps a blob.
    func file(of digest: Digest) -> FilePath {
        directory.path.appending(
            "data/docker/registry/v2/blobs/sha256/\(digest.hex.prefix(2))/\(digest.hex)/data"
        )
    }

    @discardableResult
    static func write(
        user: String,
        for host: String,
        to directory: TemporaryDirectory
    ) throws -> FilePath {
        let auth = Data(user.utf8).base64EncodedString()
        let path = try directory.write("auth.json", #"{"auths":{"\#(host)":{"auth":"\#(auth)"}}}"#)
        _ = unsafe chmod(path.string, 0o600)
        return path
    }

    /// A certificate of the authority's that was good until yesterday; its name.
    func makeExpiredCertificate() throws -> String {
        let path = directory.path
        try Command(
            arguments: [
                "openssl", "x509", "-req", "-days", "-1", "-CAcreateserial",
                "-in", "\(path)/server.csr", "-out", "\(path)/expired.crt",
                "-CA", "\(path)/ca.crt", "-CAkey", "\(path)/ca.key", "-extfile", "\(path)/names",
            ]
        ).check(in: directory)
        return "expired.crt"
    }

    private static func makeCertificates(in directory: TemporaryDirectory) throws {
        func key(_ name: String, _ rest: String...) throws {
            let common = [
                "openssl", "req", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-subj", "/CN=\(name)",
            ]
            try Command(arguments: common + rest).check(in: directory)
        }
        let path = directory.path
        try key(
            "test-ca",
            "-x509",
            "-days",
            "2",
            "-keyout",
            "\(path)/ca.key",
            "-out",
            "\(path)/ca.crt"
        )
        try key("localhost", "-keyout", "\(path)/server.key", "-out", "\(path)/server.csr")
        let names = try directory.write("names", "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        try Command(
            "openssl",
            "x509",
            "-req",
            "-days",
            "2",
            "-CAcreateserial",
            "-in",
            "\(path)/server.csr",
            "-out",
            "\(path)/server.crt",
            "-CA",
            "\(path)/ca.crt",
            "-CAkey",
            "\(path)/ca.key",
            "-extfile",
            names.string
        ).check(in: directory)
    }
}

/// A port of 127.0.0.1 that nobody listened on a moment ago.
func freePort() throws -> UInt16 {
    try ScriptedServer { _ in Reply() }.port
}

func waitUntilListening(_ port: UInt16) throws {
    for _ in 0..<200 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status == 0 { return }
        usleep(25_000)
    }
    throw POSIXError(.ETIMEDOUT)
}
