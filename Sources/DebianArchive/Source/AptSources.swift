// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5); apt-secure(8).

import Glibc
import OCIStore
public import SystemPackage

/// The sources of packages that a machine's apt is configured with.
public struct AptSources: Hashable, Sendable {
    /// The sources in the order in which apt reads them.
    public let sources: [AptSource]
    /// The keyrings for sources that name none.
    public let keyrings: [FilePath]

    /// Longer than any file of sources that somebody maintains.
    private static let maximumLength = 4 << 20

    /// Reads `sources.list` and `sources.list.d`.
    ///
    /// - Parameter etc: apt's directory, usually `/etc/apt`; it may be missing.
    /// - Returns: what is there.
    /// - Throws: `AptSourcesError.unreadable`, `.malformedLine` or `.malformed`.
    public static func read(etc: FilePath = "/etc/apt") throws(AptSourcesError) -> AptSources {
        var sources: [AptSource] = []
        let list = etc.appending("sources.list")
        if let bytes = try contents(of: list) {
            sources += try OneLineSources.read(bytes, file: list)
        }
        let directory = etc.appending("sources.list.d")
        for name in try names(in: directory) {
            let file = directory.appending(name)
            if name.hasSuffix(".list"), let bytes = try contents(of: file) {
                sources += try OneLineSources.read(bytes, file: file)
            } else if name.hasSuffix(".sources"), let bytes = try contents(of: file) {
                sources += try ParagraphSources.read(bytes, file: file)
            }
        }
        let parts = etc.appending("trusted.gpg.d")
        var keyrings = try names(in: parts)
            .filter { $0.hasSuffix(".gpg") || $0.hasSuffix(".asc") }
            .map { parts.appending($0) }
        let trusted = etc.appending("trusted.gpg")
        if try contents(of: trusted)?.isEmpty == false { keyrings.insert(trusted, at: 0) }
        return AptSources(sources: sources, keyrings: keyrings)
    }

    /// `nil` where there is no such file.
    private static func contents(of path: FilePath) throws(AptSourcesError) -> [UInt8]? {
        do throws(StoreError) {
            return try OwnedDescriptor(opening: path, O_RDONLY).readAll(limit: maximumLength)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else {
                throw .unreadable(path, error.errno ?? .fileTooLarge)
            }
            return nil
        }
    }

    /// The names that apt reads, in its order; none where there is no such directory.
    private static func names(in path: FilePath) throws(AptSourcesError) -> [String] {
        do throws(StoreError) {
            let directory = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
            var listing = try DirectoryListing(of: directory)
            var names: [String] = []
            while let entry = try listing.next() {
                // apt.conf(5): other files in such directories are passed by.
                let isPlain = entry.name.bytes.allSatisfy {
                    FieldGrammar.isAlphanumeric($0) || "_-.".utf8.contains($0)
                }
                guard isPlain, !entry.isDirectory, entry.name.bytes.first != UInt8(ascii: ".")
                else { continue }
                names.append(String(decoding: entry.name.bytes, as: UTF8.self))
            }
            return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            guard error.errno == .noSuchFileOrDirectory else {
                throw .unreadable(path, error.errno ?? .ioError)
            }
            return []
        }
    }
}
