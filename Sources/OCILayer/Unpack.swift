// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore
public import SystemPackage

/// Unpacks a layer, whole or not at all.
///
/// Memory stays within a few MiB whatever the layer's size. No path of the layer is ever used: its
/// files become objects, and its names lines of an index.
///
/// - Parameters:
///   - blob: the layer as the registry has it; its own digest is the caller's to check.
///   - arrival: of the blob, where it is still being written; nothing is published before it is
///     complete.
///   - mediaType: how it is encoded.
///   - diffID: the digest its tar archive must have, to the stream's very end.
///   - staged: takes the layer, and publishes it with others.
///   - limits: how large it may be.
///   - progress: called on another thread, now and then, with how many bytes of the blob were
///     consumed since the beginning.
/// - Returns: what was noticed.
/// - Throws: `LayerError`; nothing of the layer is staged then.
@discardableResult
public func unpack(
    _ blob: FilePath,
    arrival: ArrivingBlob? = nil,
    mediaType: LayerMediaType,
    diffID: Digest,
    into staged: StagedLayers,
    limits: LayerLimits = LayerLimits(),
    progress: @escaping @Sendable (Int64) -> Void
) throws(LayerError) -> LayerSummary {
    let stream = DecodedStream(
        of: BlobPart(of: blob),
        arrival: arrival,
        mediaType.codec,
        limits: limits,
        isHashed: true,
        progress: progress
    )
    defer { stream.cancel() }
    var unpacker = try LayerUnpacker(into: staged, limits: limits)
    var placement = ImagePlacement()
    let framed = try FramedStream(stream, keeping: try unpacker.makeFrame())
    try unpacker.read(try ArchiveReader.tar(framed), &placement)
    let isFramed = try framed.finish()
    let found = try stream.digest()
    guard let found, found == diffID else {
        throw .diffIDMismatch(expected: diffID, found: found ?? diffID)
    }
    return try unpacker.stage(as: diffID, isFramed: isFramed)
}
