// SPDX-License-Identifier: MIT OR Apache-2.0

import RootfsRecipe

@testable import DebianArchive

/// A paragraph of an index, whose fields a test can change.
struct Paragraph {
    var fields: [(String, String)]

    init(_ name: String, _ version: String = "1", _ architecture: String = "amd64") {
        fields = [
            ("Package", name), ("Version", version), ("Architecture", architecture),
            ("Filename", "pool/main/\(name.first ?? "x")/\(name)/\(name)_1_\(architecture).deb"),
            ("Size", "4096"), ("SHA256", String(repeating: "0a", count: 32)),
        ]
    }

    func with(_ name: String, _ value: String?) -> Paragraph {
        var copy = self
        copy.fields.removeAll { $0.0 == name }
        if let value { copy.fields.append((name, value)) }
        return copy
    }

    var text: String { fields.map { "\($0.0): \($0.1)\n" }.joined() }
}

extension PackageIndex {
    init(_ paragraphs: [Paragraph], suite: String = "test") throws(ControlError) {
        let text = paragraphs.map(\.text).joined(separator: "\n")
        try self.init(Array(text.utf8), archive: .debian, suite: suite)
    }
}

extension Resolver {
    init(_ paragraphs: [Paragraph], foreign: [String] = []) throws {
        try self.init(native: "amd64", foreign: foreign, indexes: [PackageIndex(paragraphs)])
    }

    /// The closure as names and architectures, in order.
    func names(_ requests: String...) throws -> [String] {
        try closure(of: requests).map { "\($0.name):\($0.architecture)" }
    }
}
