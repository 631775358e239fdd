// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: passwd(5).

import Crypto
import FoundationEssentials
import Glibc
import Sandbox
import SystemPackage

/// A root filesystem's list of accounts with the user's own in it.
///
/// git, Node and many others ask there who they run for, and ssh(1) serves nobody whom it does not find.
struct AccountList: Equatable {
    private static let inside = FilePath("/etc/passwd")

    /// Where the list is kept, named by its content.
    private let file: FilePath
    private let text: String

    /// The list for a user; `nil` where the root filesystem's own will do, or there is none.
    init?(_ rootfs: borrowing Rootfs, _ host: Host) {
        guard let path = rootfs.resolve(Self.inside), let text = try? TextFile.read(path),
            !Self.hasUser(getuid(), text), let name = host.userName, let home = host.home,
            !(name + home.string).contains(where: { ":\n".contains($0) }),
            let cache = host.cacheDirectory
        else { return nil }
        let end = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
        self.text = text + end + "\(name):x:\(getuid()):\(getgid())::\(home):/bin/sh\n"
        let digest = SHA256.hash(data: Array(self.text.utf8)).prefix(16)
        file = cache.appending("accounts").appending(
            digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        )
    }

    private static func hasUser(_ user: uid_t, _ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count > 2 && uid_t(fields[2]) == user
        }
    }

    /// Writes the list, so that it can be mounted.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`.
    func prepare() throws(WorkspaceError) {
        guard !isThere else { return }
        let directory = file.removingLastComponent()
        do {
            try Directory.create(directory, mode: .ownerReadWriteExecute)
            // A file that takes another's place cannot be mounted by a process that has opened that one.
            let lock = DirectoryLock(directory)
            defer { withExtendedLifetime(lock) {} }
            guard !isThere else { return }
            try Data(text.utf8).write(to: URL(filePath: file.string), options: .atomic)
        } catch {
            throw .cannotCreate(file, (error as? Errno) ?? .ioError)
        }
    }

    private var isThere: Bool { (try? TextFile.read(file)) == text }

    var mount: Mount {
        Mount(target: Self.inside, kind: .bind(file, .readOnly, missing: .fail))
    }
}
