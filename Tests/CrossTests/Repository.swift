// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// Files of this repository that tests look at: where it was built, or where `scripts/test` copied them.
enum Repository {
    private static let directory =
        ProcessInfo.processInfo.environment["CROSS_TEST_SOURCES"].map { FilePath($0) }
        ?? FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: directory.pushing(FilePath(name)).string, encoding: .utf8)
    }

    /// The names of the documentation's pages.
    static var pages: [String] {
        get throws {
            let docs = directory.appending("docs").string
            let names = try FileManager.default.subpathsOfDirectory(atPath: docs)
            return ["README.md"]
                + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
        }
    }
}
