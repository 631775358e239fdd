// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: dpkg(1), "path-exclude"; dpkg, src/main/filters.c.

import Glibc
import OCILayer

/// Which files of packages are not installed: what people read but no build does.
///
/// The same is written into the tree's dpkg configuration, so packages installed later agree.
enum PathFilter {
    /// A rule; where several match, the last one counts.
    struct Rule {
        let isExclusion: Bool
        let pattern: StaticString
    }

    static let rules = [
        Rule(isExclusion: true, pattern: "/usr/share/doc/*"),
        // Licences must come along with what is under them.
        Rule(isExclusion: false, pattern: "/usr/share/doc/*/copyright"),
        Rule(isExclusion: true, pattern: "/usr/share/man/*"),
        Rule(isExclusion: true, pattern: "/usr/share/info/*"),
        Rule(isExclusion: true, pattern: "/usr/share/locale/*"),
        Rule(isExclusion: false, pattern: "/usr/share/locale/locale.alias"),
        Rule(isExclusion: true, pattern: "/usr/share/lintian/*"),
        Rule(isExclusion: true, pattern: "/usr/share/linda/*"),
        Rule(isExclusion: true, pattern: "/usr/share/groff/*"),
    ]

    /// The rules as a file of `/etc/dpkg/dpkg.cfg.d` has them.
    static var configuration: String {
        rules.map { "path-\($0.isExclusion ? "exclude" : "include")=\($0.pattern)\n" }.joined()
    }

    /// Whether dpkg would leave an entry out.
    ///
    /// - Parameters:
    ///   - path: with a slash in front and none behind.
    ///   - kind: a directory or symbolic link stays where an inclusion may bring back what is
    ///     behind it, as dpkg has it: up to the inclusion's first wildcard they are the same.
    /// - Returns: true where only dpkg's list of the package's files knows of it.
    static func excludes(_ path: [UInt8], _ kind: ArchiveEntry.Kind) -> Bool {
        guard path.starts(with: "/usr/share/".utf8),
            let last = rules.last(where: { matches($0.pattern, path) }), last.isExclusion
        else { return false }
        switch kind {
        case .directory, .symbolicLink: return !rules.contains { $0.mayBringBack(path) }
        default: return true
        }
    }

    private static func matches(_ pattern: StaticString, _ path: [UInt8]) -> Bool {
        unsafe (path + [0]).withUnsafeBufferPointer { path in
            unsafe path.withMemoryRebound(to: CChar.self) { path in
                guard let path = path.baseAddress else { return false }
                return unsafe pattern.utf8Start.withMemoryRebound(
                    to: CChar.self,
                    capacity: pattern.utf8CodeUnitCount
                ) {
                    unsafe fnmatch($0, path, 0) == 0
                }
            }
        }
    }
}

extension PathFilter.Rule {
    fileprivate func mayBringBack(_ path: [UInt8]) -> Bool {
        guard !isExclusion else { return false }
        var literal = Array("\(pattern)".utf8.prefix { !"*?[\\".utf8.contains($0) })
        while literal.last == UInt8(ascii: "/") { literal.removeLast() }
        return path.starts(with: literal)
    }
}
