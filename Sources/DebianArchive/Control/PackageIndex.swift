// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian repository format, "Packages"; Debian Policy 5.

import OCIStore
public import RootfsRecipe

/// The packages of a suite's component for one architecture.
///
/// The bytes are read once and kept; of each package only what the resolver asks of all of them is
/// taken out. Every field that could become a path, a name or a size was checked by then.
public struct PackageIndex: Sendable {
    /// What is kept of each package.
    struct Entry: Sendable {
        var paragraph: Slice
        var name = Slice()
        var version = Slice()
        var architecture = Slice()
        var provides = Slice()
        var multiArch = MultiArch.no
        var priority = PackagePriority.optional
        var isEssential = false
        var isProtected = false
    }

    /// A place in the bytes.
    struct Slice: Sendable {
        var start: UInt32 = 0
        var count: UInt32 = 0

        init() {}

        init(_ range: Range<Int>) {
            start = UInt32(truncatingIfNeeded: range.lowerBound)
            count = UInt32(truncatingIfNeeded: range.count)
        }

        var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// The archive that the index is of.
    public let archive: Archive
    /// The suite that the index is of, by the name it was asked for with.
    public let suite: String

    let bytes: [UInt8]
    let entries: [Entry]

    /// Twenty times what the largest index has.
    private static let maximumLength = 1 << 30

    /// Reads an index.
    ///
    /// - Parameters:
    ///   - bytes: the index, decompressed, at most 1 GiB.
    ///   - archive: the archive that it is of.
    ///   - suite: the suite that it is of.
    /// - Throws: `ControlError`: a paragraph lacks one of `Package`, `Version`, `Architecture`,
    ///   `Filename`, `Size` and `SHA256`, or a field does not keep to its grammar.
    public init(_ bytes: [UInt8], archive: Archive, suite: String) throws(ControlError) {
        guard bytes.count <= Self.maximumLength else { throw .tooLarge(limit: Self.maximumLength) }
        var reader = PackageIndexReader(expecting: bytes.count / 700)
        try reader.read(bytes.span)
        self.bytes = bytes
        self.entries = reader.entries
        self.archive = archive
        self.suite = suite
    }

    /// How many packages there are.
    public var count: Int { entries.count }

    /// A package.
    ///
    /// - Parameter index: less than `count`.
    public subscript(index: Int) -> PackageRecord {
        let entry = entries[index]
        let paragraph = bytes[entry.paragraph.range]
        let fields = PackageParagraph(paragraph)
        // The reader has seen and checked these in every paragraph.
        let path = fields.range(of: "Filename").map { text($0) } ?? ""
        let size = fields.range(of: "Size").flatMap { FieldGrammar.size(bytes[$0].span) } ?? 0
        let hex = fields.range(of: "SHA256").map { text($0) } ?? ""
        return PackageRecord(
            name: text(entry.name.range),
            version: version(of: entry),
            architecture: text(entry.architecture.range),
            multiArch: entry.multiArch,
            priority: entry.priority,
            isEssential: entry.isEssential,
            isProtected: entry.isProtected,
            path: path,
            size: size,
            digest: (try? Digest("sha256:\(hex)")) ?? Digest.of([]),
            archive: archive,
            suite: suite,
            paragraph: paragraph
        )
    }

    func version(of entry: Entry) -> PackageVersion {
        PackageVersion(checked: text(entry.version.range))
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
