// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore

/// Why standard input holds no request; where in it, as the decoder says.
struct RequestError: Error {
    let reason: String
}

/// What whoever started this program asks it for.
enum StandardInput {
    /// The lock of a thousand packages has a third of a megabyte.
    private static let limit = 16 << 20

    /// Reads a request, a JSON object, to the end of standard input.
    static func read<Request: Decodable>(_ type: Request.Type) throws(RequestError) -> Request {
        var bytes = Data()
        do {
            while let chunk = try FileHandle.standardInput.read(upToCount: 1 << 16), !chunk.isEmpty
            {
                bytes += chunk
                guard bytes.count <= Self.limit else { throw RequestError(reason: "too long") }
            }
            return try JSONDecoder().decode(type, from: bytes)
        } catch let error as DecodingError {
            throw RequestError(reason: Self.place(of: error))
        } catch let error as RequestError {
            throw error
        } catch {
            throw RequestError(reason: "\(error)")
        }
    }

    /// Reads what an image was locked to.
    static func lock() throws(PullError) -> ImageLock {
        try wording({ PullError.request($0.reason) }) { () throws(RequestError) in
            try read(ImageLock.self)
        }
    }

    private static func place(of error: DecodingError) -> String {
        let context: DecodingError.Context
        switch error {
        case .dataCorrupted(let found): context = found
        case .keyNotFound(let key, let found):
            let path = (found.codingPath + [key]).map(\.stringValue).joined(separator: ".")
            return "there is no '\(path)'"
        case .typeMismatch(_, let found), .valueNotFound(_, let found): context = found
        @unknown default: return "\(error)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "not JSON" : "'\(path)' is not what it should be"
    }
}
