// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import RootfsRecipe

extension RecipeRequest {
    /// The lock of a thousand packages has a third of a megabyte.
    private static let limit = 16 << 20

    /// Reads the request that whoever started this program writes to its standard input.
    init(standardInput: Void) throws(RecipeError) {
        var bytes = Data()
        do {
            while let chunk = try FileHandle.standardInput.read(upToCount: 1 << 16), !chunk.isEmpty
            {
                bytes += chunk
                guard bytes.count <= Self.limit else { throw RecipeError.request("too long") }
            }
            self = try JSONDecoder().decode(RecipeRequest.self, from: bytes)
        } catch let error as DecodingError {
            throw .request(Self.place(of: error))
        } catch let error as RecipeError {
            throw error
        } catch {
            throw .request("\(error)")
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
