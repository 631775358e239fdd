// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore
import RootfsRecipe

extension SystemConfiguration {
    /// Computes the configuration layer and publishes it, unless the store has it.
    ///
    /// - Parameter store: which has the layers of all packages, and those of others.
    /// - Returns: the key of the layer, which goes on top of all `layers`.
    /// - Throws: `SystemError`; the store is then as it was before.
    @discardableResult
    public func publish(into store: Store) throws(SystemError) -> Digest {
        let key = key
        guard !store.hasLayer(key) else { return key }
        try check()
        let tree: StoredTree
        do throws(StoreError) {
            tree = try StoredTree(packages.map(\.key) + others, in: store)
        } catch {
            throw .store(error)
        }
        var layer = SystemLayer(over: tree, time: ModificationTime(seconds: date))
        try BaseFiles.apply(to: &layer)
        try Accounts.apply(to: &layer, packages: Set(installed.map(\.name)), date: date)
        try LoginModules.apply(to: &layer)
        try Shells.apply(to: &layer)
        try Alternatives.apply(to: &layer, installed)
        try LibraryCache.apply(to: &layer, self)
        try Certificates.apply(to: &layer)
        try RustLibrarySource.apply(to: &layer)
        try DpkgDatabase.apply(to: &layer, self)
        try AptState.apply(to: &layer, self)
        try applyFiles(to: &layer)
        try layer.publish(as: key, in: store)
        return key
    }

    /// Nothing of it may say more in a configuration file than the name that it is.
    private func check() throws(SystemError) {
        let words =
            [architecture] + foreignArchitectures + sources.flatMap { $0.suites + $0.addresses }
        for word in words {
            guard !word.isEmpty, word.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .name(word)
            }
        }
        for package in packages {
            for name in [package.name, package.architecture] where !Self.isPathPart(name) {
                throw .name(name)
            }
        }
    }

    private static func isPathPart(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            } && !name.hasPrefix(".")
    }

    private func applyFiles(to layer: inout SystemLayer) throws(SystemError) {
        var seen: Set<LayerPath> = []
        for file in files {
            guard file.path.hasPrefix("/"), let name = try? LayerName(file.path.utf8),
                case .path(let path) = name, !path.components.isEmpty, seen.insert(path).inserted
            else { throw .recipeFile(file.path) }
            let resolved = MergedUsr.resolved(path, isDirectory: false)
            layer.write(
                Array(file.text.utf8),
                to: String(decoding: resolved.bytes, as: UTF8.self),
                mode: file.mode & 0o777
            )
        }
    }
}
