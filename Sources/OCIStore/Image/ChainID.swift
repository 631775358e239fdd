// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, config.md, "Layer ChainID".

extension Digest {
    /// The chain ID of a stack of layers.
    ///
    /// - Parameter diffIDs: from the bottom up.
    /// - Returns: the digest that names the stack; `nil` where there is no layer.
    public static func chainID(of diffIDs: [Digest]) -> Digest? {
        guard let bottom = diffIDs.first else { return nil }
        return diffIDs.dropFirst().reduce(bottom) { chain, layer in
            Digest.of(Array("\(chain) \(layer)".utf8))
        }
    }
}
