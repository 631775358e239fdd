// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore

extension Explanation {
    init(of error: ImportError) {
        switch error {
        case .noStore: self.init(of: PullError.noStore)
        case .noImage(let path):
            self.init(
                "there is no image in \(path): neither an index.json nor a manifest.json",
                hint: "an OCI layout, or what `podman save`, `docker save` or `skopeo copy` to"
                    + " oci-archive: or docker-archive: wrote"
            )
        case .archive(_, .store(let error)): self.init(of: error)
        case .archive(let path, let error):
            self.init("\(path) cannot be read: \(Self.reason(error))")
        case .missing(let name):
            self.init("the image is not whole: it has no '\(name)'")
        case .malformed(let name): self.init("'\(name)' in the image is not what it should be")
        case .digest(let name, let expected, let found):
            self.init("'\(name)' in the image has the digest \(found), not \(expected)")
        case .noName(let names):
            let known = names.filter { !$0.isEmpty }.joined(separator: ", ")
            self.init(
                known.isEmpty
                    ? "the image has no name"
                    : "there is no single name for an image in it: \(known)",
                hint: "name it with --as NAME; a file with several images must name each"
            )
        case .platform(let platform): self.init("there is no image for \(platform) in it")
        case .layer(_, .store(let error)): self.init(of: error)
        case .layer(let diffID, let error):
            self.init("layer \(diffID) cannot be unpacked: \(Self.reason(error))")
        case .store(let error): self.init(of: error)
        }
    }
}
