// SPDX-License-Identifier: MIT OR Apache-2.0

extension CrossToml {
    /// Sections that are meant for a target, most likely, and do not name it.
    ///
    /// - Returns: sentences.
    func misspellings(of target: Target) -> [String] {
        let wanted = Self.letters(target.triple)
        return targets.keys.sorted()
            .filter { $0 != target.triple && Self.letters($0) == wanted }
            .map { triple in
                let place = place(of: ["target", triple]).map { "\($0): " } ?? ""
                return "\(place)`target.\(triple)` does not count for `\(target.triple)`; "
                    + "is the target misspelled?"
            }
    }

    /// What is left of a triple for somebody who mixes up its marks.
    private static func letters(_ triple: String) -> String {
        triple.lowercased().filter { $0 != "-" && $0 != "_" }
    }
}
