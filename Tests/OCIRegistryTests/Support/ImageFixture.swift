// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import ServerTestSupport

/// A small image: its documents and layers as bytes.
struct ImageFixture: Sendable {
    static let platform = Platform(os: "linux", architecture: "amd64")
    static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    static let indexType = "application/vnd.oci.image.index.v1+json"

    let layers: [[UInt8]]
    let configuration: [UInt8]
    let manifest: [UInt8]

    /// - Parameter sizes: of the layers, which hold noise.
    init(layerSizes sizes: [Int] = [10_000, 300]) {
        let layers = sizes.enumerated().map { noise($1, seed: UInt64($0)) }
        self.init(layers: layers)
    }

    /// - Parameter layers: not compressed.
    init(layers: [[UInt8]]) {
        self.layers = layers
        let diffIDs = layers.map { "\"\(Digest.of($0))\"" }.joined(separator: ",")
        configuration = Array(
            """
            {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"WorkingDir":"/w"},\
            "rootfs":{"type":"layers","diff_ids":[\(diffIDs)]}}
            """.utf8
        )
        manifest = Self.manifest(configuration: configuration, layers: layers)
    }

    /// The same layers with a configuration that another image has.
    init(layers: [[UInt8]], configuration: [UInt8]) {
        self.layers = layers
        self.configuration = configuration
        manifest = Self.manifest(configuration: configuration, layers: layers)
    }

    static func manifest(configuration: [UInt8], layers: [[UInt8]]) -> [UInt8] {
        let type = "application/vnd.oci.image.layer.v1.tar"
        let list = layers.map { descriptor($0, type: type) }.joined(separator: ",")
        let config = descriptor(configuration, type: "application/vnd.oci.image.config.v1+json")
        return Array(
            """
            {"schemaVersion":2,"mediaType":"\(manifestType)","config":\(config),"layers":[\(list)]}
            """.utf8
        )
    }

    static func index(_ entries: [String]) -> [UInt8] {
        Array(
            """
            {"schemaVersion":2,"mediaType":"\(indexType)","manifests":[\(entries.joined(separator: ","))]}
            """.utf8
        )
    }

    /// A descriptor in JSON; the platform is `os/architecture`, or none.
    static func descriptor(_ bytes: [UInt8], type: String, platform: String? = nil) -> String {
        let parts = platform?.split(separator: "/").map(String.init) ?? []
        let extra =
            parts.count == 2
            ? ",\"platform\":{\"os\":\"\(parts[0])\",\"architecture\":\"\(parts[1])\"}" : ""
        return """
            {"mediaType":"\(type)","digest":"\(Digest.of(bytes))","size":\(bytes.count)\(extra)}
            """
    }

    /// The layers as the manifest lists them.
    var descriptors: [Descriptor] {
        layers.map {
            Descriptor(
                mediaType: "application/vnd.oci.image.layer.v1.tar",
                digest: .of($0),
                size: Int64($0.count)
            )
        }
    }

    /// Answers as a registry in good order would, for `test/image:latest`.
    func answer(_ request: ReceivedRequest) -> Reply {
        answer(request, manifest: manifest, type: Self.manifestType)
    }

    /// The same, with another document behind the tag.
    func answer(_ request: ReceivedRequest, manifest top: [UInt8], type: String) -> Reply {
        let name = request.path.split(separator: "/").last.map(String.init) ?? ""
        let isBlob = request.path.contains("/blobs/")
        if !isBlob, name == "latest" || name == "\(Digest.of(top))" {
            return Reply(headers: ["Content-Type": type], body: top)
        }
        if !isBlob, name == "\(Digest.of(manifest))" {
            return Reply(headers: ["Content-Type": Self.manifestType], body: manifest)
        }
        let blob = ([configuration] + layers).first { "\(Digest.of($0))" == name }
        guard isBlob, let blob else { return Reply(404) }
        return .range(of: blob, for: request)
    }
}
