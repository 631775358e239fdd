// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: passwd(5), group(5); Dockerfile reference, "USER".

import Dockerfile
import OCIStore
import Sandbox

/// The accounts that a root filesystem knows.
struct ImageAccounts {
    private let users: [[Substring]]
    private let groups: [[Substring]]

    /// Reads them; files that are not there know nobody.
    ///
    /// - Throws: `ContextError`, or `StoreError` where a file is longer than 1 MiB.
    init(in root: borrowing SourceTree) throws {
        users = try Self.lines(of: "etc/passwd", root)
        groups = try Self.lines(of: "etc/group", root)
    }

    private static func lines(
        of name: String,
        _ root: borrowing SourceTree
    ) throws -> [[Substring]] {
        guard let found = try root.found(name.utf8), !found.isDirectory else { return [] }
        let bytes = try root.file(found.path).readAll(limit: 1 << 20)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
    }

    /// The number of a user, by name or number; `nil` where nobody is called so.
    func user(_ name: String) -> UInt32? { UInt32(name) ?? Self.number(name, users) }

    /// The number of a group, by name or number; `nil` where none is called so.
    func group(_ name: String) -> UInt32? { UInt32(name) ?? Self.number(name, groups) }

    /// The group that a user has by himself; that of root for one who has no account.
    func group(of user: UInt32) -> UInt32 { account(user).flatMap { UInt32($0[3]) } ?? 0 }

    /// A user's home; the root for one who has no account.
    func home(of user: UInt32) -> String {
        guard let account = account(user), account.count > 5, !account[5].isEmpty else {
            return "/"
        }
        return String(account[5])
    }

    private func account(_ user: UInt32) -> [Substring]? {
        users.first { $0.count > 3 && UInt32($0[2]) == user }
    }

    private static func number(_ name: String, _ lines: [[Substring]]) -> UInt32? {
        lines.first { $0.count > 2 && $0[0] == name }.flatMap { UInt32($0[2]) }
    }
}

/// Who a step's programs are.
struct StepUser: Equatable {
    let user: SandboxSpec.User
    /// What `HOME` is where nothing else says it.
    let home: String

    static let root = StepUser(user: .root, home: "/root")

    private init(user: SandboxSpec.User, home: String) {
        self.user = user
        self.home = home
    }

    /// Reads `user` or `user:group`, names or numbers.
    ///
    /// - Throws: `StepError.unknownUser`.
    init(_ text: String, _ accounts: ImageAccounts) throws(StepError) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first, let uid = accounts.user(name) else {
            throw .unknownUser(text)
        }
        guard uid != 0 else {
            self = .root
            return
        }
        var gid = accounts.group(of: uid)
        if parts.count == 2 {
            guard let group = accounts.group(parts[1]) else { throw .unknownUser(parts[1]) }
            gid = group
        }
        self.init(user: .other(uid: uid, gid: gid), home: accounts.home(of: uid))
    }
}
