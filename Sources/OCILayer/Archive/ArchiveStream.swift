// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// An archive that comes piece by piece.
package protocol ArchiveStream: AnyObject {
    /// The next bytes, valid until the next call; none at the end.
    func next() throws(LayerError) -> UnsafeRawBufferPointer
}

/// A layer's archive as it comes, of which the frame is kept.
final class FramedStream: ArchiveStream {
    private let stream: DecodedStream
    private let frame: TarFrameWriter

    /// Keeps the frame in a file that is new and empty.
    init(_ stream: DecodedStream, keeping file: consuming OwnedDescriptor) throws(LayerError) {
        self.stream = stream
        frame = try TarFrameWriter(to: file)
    }

    func next() throws(LayerError) -> UnsafeRawBufferPointer {
        let bytes = unsafe try stream.next()
        try unsafe frame.append(bytes)
        return unsafe bytes
    }

    /// Reads the stream to its end.
    ///
    /// - Returns: whether the frame is whole.
    func finish() throws(LayerError) -> Bool {
        while unsafe try !next().isEmpty {}
        try frame.finish()
        return frame.isWhole
    }
}
