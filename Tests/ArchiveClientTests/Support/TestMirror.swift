// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import RootfsRecipe
import ServerTestSupport
import SystemPackage

/// A server of a directory's files.
final class TestMirror: Sendable {
    let server: ScriptedServer

    /// Serves a directory, but for what `answer` does instead.
    init(
        _ root: FilePath,
        answer: @escaping @Sendable (ReceivedRequest) -> Reply? = { _ in nil }
    ) throws {
        server = try ScriptedServer { answer($0) ?? Self.file(for: $0, in: root) }
    }

    var address: String { "http://127.0.0.1:\(server.port)" }

    /// The paths that were asked for and end so.
    func requests(_ suffix: String) -> [ReceivedRequest] {
        server.requests.filter { $0.file.hasSuffix(suffix) }
    }

    static func file(for request: ReceivedRequest, in root: FilePath) -> Reply {
        let path = root.appending(request.file)
        guard let bytes = FileManager.default.contents(atPath: path.string) else {
            return Reply(404)
        }
        return .range(of: [UInt8](bytes), for: request)
    }
}

extension ReceivedRequest {
    /// The path of the file; proxies are told the whole URL.
    var file: String {
        let path = path.removingPercentEncoding ?? path
        guard path.hasPrefix("http://") else { return String(path.dropFirst()) }
        return path.split(separator: "/").dropFirst(2).joined(separator: "/")
    }
}
