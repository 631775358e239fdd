// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: ldconfig(8); glibc, elf/ldconfig.c (`search_dir`).

import OCIStore

/// The dynamic linker's cache and its links, as ldconfig would make them.
///
/// Like ldconfig it lists what this system's own linker can load: libraries of other architectures
/// are found by their own linkers in their own directories. Subdirectories for certain processors
/// (`glibc-hwcaps`) are left out.
enum LibraryCache {
    /// A library in a directory, under the name that programs ask for.
    private struct Library {
        var file: String
        let flags: UInt32
        var isLink: Bool
    }

    static func apply(
        to layer: inout SystemLayer,
        _ configuration: SystemConfiguration
    ) throws(SystemError) {
        guard let native = LibraryArchitecture(debian: configuration.architecture),
            let version = configuration.libcVersion(in: layer)
        else { return }
        var cache = LibraryCacheFile(libcVersion: version)
        for directory in try directories(of: layer, native) {
            let libraries = try search(directory, of: layer, native)
            for (name, library) in libraries {
                cache.add(name, in: directory, flags: library.flags)
                guard !library.isLink else { continue }
                link(name, to: library.file, in: directory, &layer)
            }
        }
        layer.write(cache.bytes(isBigEndian: native.isBigEndian), to: "etc/ld.so.cache")
    }

    /// Absolute, each once whatever links lead to it.
    private static func directories(
        of layer: SystemLayer,
        _ native: LibraryArchitecture
    ) throws(SystemError) -> [String] {
        let builtin = [
            "/lib/\(native.multiarch)", "/usr/lib/\(native.multiarch)", "/lib", "/usr/lib",
        ]
        let configured = try LibraryConfiguration.directories(of: layer)
        var seen: Set<LayerPath> = []
        return (configured + builtin).filter { directory in
            guard let path = try? LayerPath(directory.utf8),
                let real = layer.tree.realPath(of: MergedUsr.resolved(path, isDirectory: true)),
                layer.tree.kind(of: real) == .directory
            else { return false }
            return seen.insert(real).inserted
        }
    }

    /// The libraries of a directory by name, in the order in which they were met first.
    private static func search(
        _ directory: String,
        of layer: SystemLayer,
        _ native: LibraryArchitecture
    ) throws(SystemError) -> [(name: String, library: Library)] {
        var found: [(name: String, library: Library)] = []
        var indexes: [String: Int] = [:]
        guard let path = try? LayerPath(directory.utf8) else { return [] }
        let real = MergedUsr.resolved(path, isDirectory: true)
        let base = String(decoding: real.bytes, as: UTF8.self)
        for file in layer.names(in: base) where isLibrary(file) {
            guard let path = try? LayerPath("\(base)/\(file)".utf8),
                let target = layer.tree.realPath(of: path),
                let library = try read(target, of: layer),
                let flags = native.flags(of: library)
            else { continue }
            var name = library.soname ?? implicitName(of: file)
            var isLink = false
            if case .symbolicLink = layer.tree.kind(of: path, following: false) {
                isLink = isListedItself(file, to: target, name)
            }
            if isLink { name = file }
            guard let index = indexes[name] else {
                indexes[name] = found.count
                found.append((name, Library(file: file, flags: flags, isLink: isLink)))
                continue
            }
            let other = found[index].library
            if (!isLink && other.isLink)
                || (isLink == other.isLink && LibraryName.compare(other.file, file) < 0)
            {
                found[index].library.file = file
                found[index].library.isLink = isLink
            }
        }
        return found
    }

    /// Whether a link is listed under its own name: one to a file named as the library is, or one
    /// that is there for compilers, whose name is where the library's begins.
    private static func isListedItself(_ file: String, to target: LayerPath, _ name: String) -> Bool
    {
        if target.components.last?.bytes.elementsEqual(name.utf8) == true { return true }
        return file.hasSuffix(".so") && name.hasPrefix(file)
    }

    private static func link(
        _ name: String,
        to file: String,
        in directory: String,
        _ layer: inout SystemLayer
    ) {
        guard let path = try? LayerPath("\(directory)/\(name)".utf8),
            let target = try? LayerPath("\(directory)/\(file)".utf8), name != file
        else { return }
        let place = MergedUsr.resolved(path, isDirectory: false)
        let real = MergedUsr.resolved(target, isDirectory: false)
        switch layer.tree.kind(of: place, following: false) {
        case nil: break
        case .symbolicLink:
            guard layer.tree.realPath(of: place) != layer.tree.realPath(of: real) else { return }
        default: return
        }
        layer.link(String(decoding: place.bytes, as: UTF8.self), to: file)
    }

    private static func isLibrary(_ name: String) -> Bool {
        guard name.hasPrefix("lib") || name.hasPrefix("ld-"), !name.hasSuffix(".dpkg-new"),
            !name.hasSuffix(".dpkg-tmp"), !name.hasSuffix("-gdb.py")
        else { return false }
        return name.ranges(of: ".so").contains { range in
            range.upperBound == name.endIndex || name[range.upperBound] == "."
        }
    }

    /// What a library without a name is called: up to its major version.
    private static func implicitName(of file: String) -> String {
        guard let range = file.firstRange(of: ".so.") else { return file }
        return String(file[..<range.upperBound] + file[range.upperBound...].prefix { $0 != "." })
    }

    private static func read(
        _ path: LayerPath,
        of layer: SystemLayer
    ) throws(SystemError) -> SharedLibrary? {
        do throws(StoreError) {
            guard let file = try layer.tree.open(path) else { return nil }
            return try SharedLibrary(reading: file)
        } catch {
            throw .store(error)
        }
    }
}

extension SystemConfiguration {
    /// The version of the package that has ldconfig, whose name the cache bears.
    fileprivate func libcVersion(in layer: SystemLayer) -> String? {
        let path = "var/lib/dpkg/status.d/libc-bin:\(architecture)"
        guard let status = try? layer.content(path) else { return nil }
        return String(decoding: status, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("Version: ") }
            .map { String($0.dropFirst("Version: ".count)) }
    }
}
