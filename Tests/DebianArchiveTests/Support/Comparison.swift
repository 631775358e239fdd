// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import DebianArchive

/// A set of packages whose closure is compared with apt's.
struct Comparison: CustomStringConvertible {
    let packages: [String]
    let foreign: [String]

    init(_ packages: String, foreign: String...) {
        self.init(packages.split(separator: " ").map(String.init), foreign: foreign)
    }

    init(_ packages: [String], foreign: [String]) {
        self.packages = ["apt", "ca-certificates"] + packages
        self.foreign = foreign
    }

    var description: String { packages.joined(separator: " ") }

    /// Expects the resolver to choose what apt does, or to see no way where apt sees none.
    ///
    /// - Returns: whether there is a closure.
    @discardableResult
    func expectSame(in archive: inout LocalArchive) async throws -> Bool {
        guard let apt = try await archive.closureOfApt(of: packages, foreign: foreign) else {
            #expect(throws: ResolutionError.self, "\(self)") {
                try archive.closure(of: packages, foreign: foreign)
            }
            return false
        }
        let records = try archive.closure(of: packages, foreign: foreign)
        let closure = Set(records.map(\.description))
        #expect(closure.subtracting(apt).sorted() == [], "\(self): not apt's")
        #expect(apt.subtracting(closure).sorted() == [], "\(self): only apt's")
        #expect(records.count == closure.count)
        #expect(closure.count > 50)
        return true
    }
}
