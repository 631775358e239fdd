// SPDX-License-Identifier: MIT OR Apache-2.0

package import Glibc
package import OCIStore
package import SystemPackage

/// A new directory that goes away with its owner, whatever the modes inside.
package struct TemporaryDirectory: ~Copyable {
    package let path: FilePath

    package init() throws {
        path = FilePath("/tmp/cross-store-test-\(String(UInt64.random(in: 0 ... .max), radix: 16))")
        try systemCall("mkdir", path) { unsafe path.withPlatformString { unsafe mkdir($0, 0o700) } }
    }

    deinit {
        guard let directory = try? OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY),
            (try? directory.removeContents()) != nil
        else { return }
        _ = unsafe path.withPlatformString { unsafe rmdir($0) }
    }
}

/// What lstat(2) says.
package func status(_ path: FilePath) throws -> stat {
    var status = stat()
    try systemCall("lstat", path) { unsafe path.withPlatformString { unsafe lstat($0, &status) } }
    return status
}

/// Whether there is anything under a path.
package func exists(_ path: FilePath) -> Bool { (try? status(path)) != nil }

/// The content of a file.
package func content(_ path: FilePath) throws -> String {
    String(
        decoding: try OwnedDescriptor(opening: path, O_RDONLY).readAll(limit: 1 << 30),
        as: UTF8.self
    )
}

/// Makes a file.
package func write(_ text: String, to path: FilePath) throws {
    try OwnedDescriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        .write(Array(text.utf8))
}

/// The names in a directory, sorted as bytes.
package func names(in path: FilePath) throws -> [String] {
    let directory = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
    var listing = try DirectoryListing(of: directory)
    var names: [String] = []
    while let entry = try listing.next() {
        names.append(String(decoding: entry.name.bytes, as: UTF8.self))
    }
    return names.sorted()
}

/// A digest of the given text, for tests that need some digest.
package func digest(_ text: String) -> Digest { Digest.of(Array(text.utf8)) }
