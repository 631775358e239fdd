// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import Foundation
import OCIStore
import SystemPackage

/// A file of a mirror that is a directory of this machine.
enum LocalFile {
    private static let chunkSize = 1 << 20

    static func contents(of path: FilePath, limit: Int) throws(MirrorFault) -> [UInt8] {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try Download.contents(of: path)
        } catch {
            throw fault(error)
        }
        guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        return bytes
    }

    /// Checks the bytes as if they came from a stranger: a medium may be a stranger's, or worn.
    static func copy(
        _ path: FilePath,
        to file: BlobFile,
        digest: OCIStore.Digest
    ) throws(MirrorFault) {
        do throws(Errno) {
            try file.reset()
        } catch {
            throw .download(.file(file.path, error))
        }
        var reader: FileReader
        do throws(Errno) {
            reader = try FileReader(path)
        } catch {
            throw fault(error)
        }
        while true {
            let chunk: Data
            do throws(Errno) {
                chunk = try reader.next(chunkSize)
            } catch {
                throw fault(error)
            }
            guard !chunk.isEmpty else { break }
            let (length, count) = (file.length, Int64(chunk.count))
            guard file.append(chunk) else {
                if let errno = file.writeError { throw .download(.file(file.path, errno)) }
                throw .download(.sizeMismatch(expected: file.size, actual: length + count))
            }
        }
        let actual = file.digest
        guard file.length == file.size else {
            throw .download(.sizeMismatch(expected: file.size, actual: file.length))
        }
        guard actual == digest else {
            throw .download(.digestMismatch(expected: digest, actual: actual))
        }
    }

    private static func fault(_ errno: Errno) -> MirrorFault {
        switch errno {
        case .noSuchFileOrDirectory, .notDirectory: .missing
        default: .unreadable(errno)
        }
    }
}

/// Reads a file piece by piece.
private struct FileReader: ~Copyable {
    private let file: FileDescriptor

    init(_ path: FilePath) throws(Errno) {
        do {
            file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    deinit { try? file.close() }

    mutating func next(_ count: Int) throws(Errno) -> Data {
        var chunk = Data(count: count)
        do {
            let read = try unsafe chunk.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
            return chunk.prefix(read)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
