// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

@testable import OCIRegistry

/// Reads a document of an image; the first byte says as what.
func fuzzManifest(_ bytes: [UInt8]) {
    var rest = bytes[...]
    let choice = Int(first(of: &rest))
    let document = Array(rest)
    let subject = RegistrySubject.blob(Digest.of([]))
    switch choice % 4 {
    case 0: readManifest(document, nil, subject)
    case 1:
        let types = MediaType.manifests + MediaType.indexes
        readManifest(document, types[choice / 4 % types.count] + "; charset=utf-8", subject)
    case 2:
        guard
            let configuration = try? decode(
                ConfigurationDocument.self,
                from: document,
                subject: subject
            )
        else { return }
        _ = configuration.platform.map { Platform.host.accepts($0) }
        _ = Digest.chainID(of: configuration.rootfs.diffIDs)
    default:
        guard let reference = try? ImageReference(String(decoding: document, as: UTF8.self)) else {
            return
        }
        let again = try? ImageReference(reference.description)
        promise(again == reference, "a reference is what it says: \(reference)")
        let parts = reference.repository.split(separator: "/", omittingEmptySubsequences: false)
        promise(!parts.contains { ["", ".", ".."].contains($0) }, "a repository is a path below")
    }
}

private func readManifest(_ bytes: [UInt8], _ type: String?, _ subject: RegistrySubject) {
    guard let document = try? ManifestDocument(bytes, contentType: type, subject: subject) else {
        return
    }
    promise(document.size == Int64(bytes.count), "a document's size is that of its bytes")
    let descriptors =
        switch document.content {
        case .manifest(let configuration, let layers): [configuration] + layers
        case .index(let entries): entries
        }
    promise(descriptors.allSatisfy { $0.size > 0 }, "sizes are such as can be")
    // What is added up before a pull must not overflow.
    _ = descriptors.reduce(Int64(0)) { $0 + $1.size }
}

func manifestSeeds() -> [[UInt8]] {
    let digest = "\(Digest.of([]))"
    let descriptor = { (type: String) in
        #"{"mediaType":"application/vnd.oci.image.\#(type)","digest":"\#(digest)","size":2}"#
    }
    let layer = descriptor("layer.v1.tar+gzip")
    let manifest = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
        "config":\(descriptor("config.v1+json")),"layers":[\(layer),\(layer)]}
        """
    let index = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":\
        "application/vnd.oci.image.manifest.v1+json","digest":"\(digest)","size":2,"data":"e30=",\
        "platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}
        """
    let configuration = """
        {"architecture":"amd64","os":"linux","config":{"Env":["A=b"],"Cmd":["sh"],"WorkingDir":"/",\
        "Labels":{"a":"b"}},"rootfs":{"type":"layers","diff_ids":["\(digest)"]}}
        """
    return [
        (0, manifest), (1, manifest), (0, index), (2, configuration), (3, "[::1]:5000/a/b:c"),
        (3, "docker.io/library/debian@\(digest)"), (3, "ghcr.io/cross-rs/x:edge@\(digest)"),
    ].map { [$0.0] + Array($0.1.utf8) }
}
