// SPDX-License-Identifier: MIT OR Apache-2.0

/// When each package is first mentioned in the indexes, be it in a relation of another one.
///
/// Where nothing else tells two packages apart, apt prefers the one it came across last. Few
/// closures ever ask, so the indexes are only gone through as far as needed.
final class Mentions {
    private let universe: Universe
    private var positions: [Universe.Package: Int] = [:]

    init(_ universe: Universe) { self.universe = universe }

    /// A number that is greater the later the package is mentioned.
    func position(of package: Universe.Package) -> Int {
        package
    }
}
