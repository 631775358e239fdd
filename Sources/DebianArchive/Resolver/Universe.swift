// SPDX-License-Identifier: MIT OR Apache-2.0

/// All packages of several indexes, numbered.
///
/// A *group* is a name, a *package* is a group for one architecture, an *entry* is one version of a
/// package. Entries of `Architecture: all` belong to the native package of their group.
struct Universe: Sendable {
    typealias Group = Int
    typealias Package = Int
    typealias Entry = Int32

    static let none: Entry = -1

    /// A name that an entry goes by as well.
    struct Provision: Sendable {
        var entry: Entry
        var version: PackageVersion?
        var qualifier: Relation.Qualifier
    }

    /// The architectures; the native one is the first.
    let architectures: [String]
    let indexes: [PackageIndex]
    private(set) var names = NameTable()
    /// The number of the first entry of each index.
    private var bases: [Int] = []
    /// The package of each entry; -1 where the architecture is not one of ours, or where an index
    /// that came before has the same version.
    private(set) var packages: [Int32] = []
    /// The highest version of each package.
    private(set) var highest: [Entry] = []
    /// The next lower version for each entry.
    private(set) var lower: [Entry] = []
    private(set) var provisions: [Group: [Provision]] = [:]
    private(set) var essential: Set<Package> = []
    private(set) var protected: Set<Package> = []

    init(architectures: [String], indexes: [PackageIndex]) throws(ResolutionError) {
        self.architectures = architectures
        self.indexes = indexes
        for index in indexes {
            do throws(ControlError) {
                try add(index)
            } catch {
                throw .index(index.archive, suite: index.suite, error)
            }
        }
    }

    // MARK: - Numbers

    func package(_ group: Group, _ architecture: Int) -> Package {
        group * architectures.count + architecture
    }

    func group(_ package: Package) -> Group { package / architectures.count }

    func architecture(_ package: Package) -> Int { package % architectures.count }

    func package(_ entry: Entry) -> Package { Int(packages[Int(entry)]) }

    /// What the index has of an entry.
    func fields(_ entry: Entry) -> PackageIndex.Entry {
        let (index, position) = place(entry)
        return indexes[index].entries[position]
    }

    func version(_ entry: Entry) -> PackageVersion {
        let (index, position) = place(entry)
        return indexes[index].version(of: indexes[index].entries[position])
    }

    func record(_ entry: Entry) -> PackageRecord {
        let (index, position) = place(entry)
        return indexes[index][position]
    }

    /// The relations of an entry, as its index has them.
    func relations(
        _ entry: Entry,
        _ field: RelationField
    ) throws(ResolutionError) -> [Dependency] {
        let (index, position) = place(entry)
        let whole = indexes[index]
        let paragraph = whole.bytes[whole.entries[position].paragraph.range]
        do throws(ControlError) {
            return try PackageParagraph(paragraph).relations(field)
        } catch {
            throw .index(whole.archive, suite: whole.suite, error)
        }
    }

    /// The bytes of an entry's paragraph.
    func paragraph(_ entry: Entry) -> ArraySlice<UInt8> {
        let (index, position) = place(entry)
        return indexes[index].bytes[indexes[index].entries[position].paragraph.range]
    }

    func identity(_ entry: Entry) -> PackageIdentity {
        let (index, position) = place(entry)
        let fields = indexes[index].entries[position]
        return PackageIdentity(
            name: indexes[index].text(fields.name.range),
            architecture: indexes[index].text(fields.architecture.range),
            version: indexes[index].version(of: fields)
        )
    }

    private func place(_ entry: Entry) -> (index: Int, position: Int) {
        var index = bases.count - 1
        while bases[index] > Int(entry) { index -= 1 }
        return (index, Int(entry) - bases[index])
    }

    // MARK: - Building

    private mutating func add(_ index: PackageIndex) throws(ControlError) {
        bases.append(packages.count)
        let bytes = index.bytes.span
        packages.reserveCapacity(packages.count + index.count)
        lower.reserveCapacity(lower.count + index.count)
        for fields in index.entries {
            let entry = Entry(truncatingIfNeeded: packages.count)
            packages.append(-1)
            lower.append(Self.none)
            guard let architecture = place(of: bytes.extracting(fields.architecture.range))
            else { continue }
            // In one expression, `self` would be copied before it changes.
            let group = number(of: bytes.extracting(fields.name.range))
            let package = package(group, architecture)
            packages[Int(entry)] = Int32(truncatingIfNeeded: package)
            guard insert(entry, into: package, bytes.extracting(fields.version.range)) else {
                packages[Int(entry)] = -1
                continue
            }
            if fields.isEssential { essential.insert(package) }
            if fields.isProtected { protected.insert(package) }
            try addProvisions(of: entry, fields.provides.range, bytes)
        }
    }

    /// The group of a name, with places for its packages.
    private mutating func number(of name: Span<UInt8>) -> Group {
        let group = names.number(of: name)
        while highest.count < (group + 1) * architectures.count { highest.append(Self.none) }
        return group
    }

    private func place(of architecture: Span<UInt8>) -> Int? {
        if FieldGrammar.equals(architecture, "all") { return 0 }
        return architectures.firstIndex(of: architecture.text)
    }

    /// Puts an entry among the versions of its package.
    ///
    /// - Returns: false where it is there already, from an index that came before.
    private mutating func insert(
        _ entry: Entry,
        into package: Package,
        _ version: Span<UInt8>
    ) -> Bool {
        var before = Self.none
        var next = highest[package]
        while next != Self.none {
            let (index, position) = place(next)
            let range = indexes[index].entries[position].version.range
            let bytes = indexes[index].bytes
            let order = PackageVersion.order(version, bytes.span.extracting(range))
            if order == 0 { return false }
            if order > 0 { break }
            before = next
            next = lower[Int(next)]
        }
        lower[Int(entry)] = next
        if before == Self.none {
            highest[package] = entry
        } else {
            lower[Int(before)] = entry
        }
        return true
    }

    private mutating func addProvisions(
        of entry: Entry,
        _ range: Range<Int>,
        _ bytes: Span<UInt8>
    ) throws(ControlError) {
        guard !range.isEmpty else { return }
        var scanner = RelationScanner(field: "Provides", range: range)
        while let item = try scanner.next(in: bytes) {
            // deb-control(5): only exact versions can be provided; apt passes others by.
            guard item.comparison == nil || item.comparison == .equal else { continue }
            var provision = Provision(entry: entry, version: nil, qualifier: .same)
            if let range = item.version {
                provision.version = PackageVersion(checked: bytes.extracting(range).text)
            }
            if let range = item.qualifier {
                let text = bytes.extracting(range).text
                provision.qualifier = text == "any" ? .any : .architecture(text)
            }
            let group = number(of: bytes.extracting(item.name))
            provisions[group, default: []].append(provision)
        }
    }
}
