// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct LockTests: ~Copyable {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(at: directory.path)
        self.directory = directory
    }

    @Test func secondOwnerWaitsAndIsToldForWhom() throws {
        let name = LockName.blob(digest("a"))
        var first: LockLease? = try store.lock(name) { _ in Issue.record("nobody else has it") }
        let isHeld = first != nil
        #expect(isHeld)
        var holder: LockHolder?
        // The lock is given back when the other one starts to wait for it.
        let second = try store.lock(name) { found in
            holder = found
            first = nil
        }
        _ = consume second
        let found = try #require(holder)
        #expect(found.pid == getpid())
        #expect(!found.command.isEmpty)
    }

    @Test func differentNamesDoNotMeet() throws {
        let first = try store.lock(.blob(digest("a"))) { _ in }
        let second = try store.lock(.layer(digest("a"))) { _ in Issue.record("must not wait") }
        let third = try store.lock(.rootfs(digest("a"))) { _ in Issue.record("must not wait") }
        _ = consume first
        _ = consume second
        _ = consume third
    }
}
