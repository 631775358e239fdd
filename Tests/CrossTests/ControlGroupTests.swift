// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import SystemPackage
import Testing

@testable import cross

/// Where control groups are made, by what /proc/self/cgroup says; that they limit is LimitTests's.
@Suite struct ControlGroupTests {
    private func hierarchy(
        _ memberships: String,
        isUnified: Bool,
        _ resource: ControlGroup.Resource
    ) throws -> ControlGroupHierarchy? {
        try ControlGroupHierarchies(root: "/c", isUnified: isUnified, memberships: memberships)
            .grouped([.init(resource: resource, value: 1)]).first?.0
    }

    @Test func aGroupIsMadeBesideTheOwnOneOrBelowIt() throws {
        let own = try hierarchy("0::/user/shell.scope\n", isUnified: true, .memory)
        #expect(own?.parents == ["/c/user", "/c/user/shell.scope"])
        #expect(own?.limit(.memory) == "memory.max")
        let outermost = try hierarchy("0::/\n", isUnified: true, .processes)
        #expect(outermost?.parents == ["/c"])
        let old = "9:pids:/a\n4:cpu,memory:/b/c\n0::/\n"
        let processes = try hierarchy(old, isUnified: false, .processes)
        #expect(processes?.parents == ["/c/pids", "/c/pids/a"])
        let memory = try hierarchy(old, isUnified: false, .memory)
        #expect(memory?.own == "/c/cpu,memory/b/c")
        #expect(memory?.limit(.memory) == "memory.limit_in_bytes")
    }

    @Test(arguments: ["", "0::/../outside\n", "nonsense\n"])
    func whereTheProcessIsInNoGroupThereIsNone(memberships: String) {
        #expect(throws: ControlGroupError.noHierarchy) {
            try hierarchy(memberships, isUnified: true, .memory)
        }
    }

    @Test func aGroupThatHandsNothingOnAndOneOfAnotherUsersAreErrors() throws {
        let directory = try TemporaryDirectory()
        try directory.write("user/cgroup.subtree_control", "cpu pids\n")
        let hierarchies = ControlGroupHierarchies(
            root: directory.path,
            isUnified: true,
            memberships: "0::/user/shell\n"
        )
        let shell = directory.path.pushing("user/shell")
        #expect(throws: ControlGroupError.noController(shell, .memory)) {
            _ = try ControlGroup([.init(resource: .memory, value: 1)], in: hierarchies)
        }
        // It would be made beside the own group, where this is no file of a control group's.
        #expect(throws: ControlGroupError.self) {
            _ = try ControlGroup([.init(resource: .processes, value: 1)], in: hierarchies)
        }
        #expect(Glob.matches(directory.path.pushing("user/cross-*").string) == [])
    }

    @Test func whatKilledRunsLeftIsInNobodysWay() throws {
        let directory = try TemporaryDirectory()
        let groups = directory.path.appending("pids")
        // 1 lives, nobody has the second number, and a dead process had this one's.
        for name in ["1", "\(Int32.max)", "\(getpid())"] {
            try FileManager.default.createDirectory(
                atPath: groups.appending("cross-\(name)").string,
                withIntermediateDirectories: true
            )
        }
        let hierarchies = ControlGroupHierarchies(
            root: directory.path,
            isUnified: false,
            memberships: "1:pids:/\n"
        )
        // The group can be made; that it has no file for a limit is because this is no control group.
        let file = groups.appending("cross-\(getpid())").appending("pids.max")
        #expect(throws: ControlGroupError.notDelegated(file, .noSuchFileOrDirectory)) {
            _ = try ControlGroup([.init(resource: .processes, value: 1)], in: hierarchies)
        }
        let left = Glob.matches(groups.appending("cross-*").string)
        #expect(left == [groups.appending("cross-1").string])
    }

    @Test(arguments: [
        ("4G", 4 << 30), ("512M", 512 << 20), ("1K", 1024), ("2T", 2 << 40), ("1000", 1000),
    ])
    func memoryIsGivenInBytesOrLargerUnits(text: String, bytes: Int) throws {
        #expect(try ResourceLimits.number(text, key: "memory-limit", hasUnit: true) == bytes)
    }

    @Test(arguments: ["0", "-1", "4g", "G", "4 G", "4GB", "9999999999T", "x"])
    func anythingElseIsAnError(text: String) {
        #expect(throws: ConfigurationError.invalidLimit(text, key: "memory-limit")) {
            try ResourceLimits.number(text, key: "memory-limit", hasUnit: true)
        }
    }
}
