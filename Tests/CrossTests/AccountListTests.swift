// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: passwd(5).

import Foundation
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import cross

/// The user among the accounts that a build sees.
@Suite struct AccountListTests: ~Copyable {
    private static let others = "daemon:x:4294967000:1::/:/bin/false\n"
    private static let ssh = "[build]\ncredentials = [\"ssh-agent\"]"

    private let fixture: EntryFixture

    init() throws {
        let fixture = try EntryFixture()
        self.fixture = fixture
    }

    private func list(
        _ accounts: String,
        _ toml: String = ""
    ) throws -> (path: FilePath, text: String)? {
        try fixture.directory.write("\(EntryFixture.root)/etc/passwd", accounts)
        let mount = try fixture.spec(toml: toml).mount("/etc/passwd")
        guard case .bind(let path, .readOnly, missing: .fail) = mount else { return nil }
        return (path, try String(contentsOfFile: path.string, encoding: .utf8))
    }

    @Test func whomTheRootFilesystemDoesNotKnowIsAdded() throws {
        let own = "me:x:\(getuid()):\(getgid())::\(fixture.home):/bin/sh\n"
        let whole = try #require(try list(Self.others))
        #expect(whole.text == Self.others + own)
        #expect(whole.path.starts(with: fixture.home.pushing(".cache/cross/accounts")))
        // The last line of a file may lack its end.
        #expect(try list(String(Self.others.dropLast()))?.text == Self.others + own)
        #expect(try list("")?.text == own)
        #expect(try list(Self.others, Self.ssh)?.text == Self.others + own)
    }

    @Test func whomItKnowsStaysWhoItSays() throws {
        let known = "\(Self.others)other:x:\(getuid()):1::/:/bin/false\n"
        #expect(try list(known) == nil)
        #expect(try list(known, Self.ssh) == nil)
    }

    @Test func whereThereAreNoAccountsNoneAreMade() throws {
        #expect(try fixture.spec().mount("/etc/passwd") == nil)
        #expect(try fixture.spec(toml: Self.ssh).mount("/etc/passwd") == nil)
    }

    @Test func whereItCannotBeKeptOnlySshCannotDoWithout() throws {
        try fixture.directory.write("home/.cache/cross/accounts", "no directory")
        #expect(try list(Self.others) == nil)
        #expect(throws: WorkspaceError.self) {
            try list(Self.others, Self.ssh)
        }
    }
}
