// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cgroups(7), "/proc files"; the kernel's admin-guide/cgroup-v2.rst and cgroup-v1.

import SystemPackage

/// Where the control groups of this machine are, and in which of them this process is.
struct ControlGroupHierarchies: Equatable {
    /// Where hierarchies are mounted.
    let root: FilePath
    /// Whether one hierarchy has all resources.
    let isUnified: Bool
    private let memberships: [Membership]

    /// The group of one hierarchy that this process is in.
    private struct Membership: Equatable {
        let controllers: [String]
        /// Absolute, as seen from the hierarchy's root.
        let path: String
        /// Where the hierarchy is mounted, below the root of all.
        var mountPoint: String { controllers.joined(separator: ",") }
    }

    /// What this process finds.
    static func current() -> ControlGroupHierarchies {
        let root: FilePath = "/sys/fs/cgroup"
        return ControlGroupHierarchies(
            root: root,
            isUnified: root.appending("cgroup.controllers").isRegularFile,
            memberships: ((try? TextFile.read("/proc/self/cgroup")) ?? nil) ?? ""
        )
    }

    /// What a machine looks like.
    ///
    /// - Parameters:
    ///   - root: where hierarchies are mounted.
    ///   - isUnified: whether one of them has all resources.
    ///   - memberships: lines such as `4:memory:/user/1`, of the unified hierarchy `0::/user/1`.
    init(root: FilePath, isUnified: Bool, memberships: String) {
        self.root = root
        self.isUnified = isUnified
        self.memberships = memberships.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            let controllers = fields[1].split(separator: ",", omittingEmptySubsequences: false)
            return Membership(controllers: controllers.map(String.init), path: String(fields[2]))
        }
    }

    /// The hierarchies that limits are set in.
    ///
    /// - Throws: `ControlGroupError.noHierarchy` where one of them has none.
    func grouped(
        _ limits: [ControlGroup.Limit]
    ) throws(ControlGroupError) -> [(ControlGroupHierarchy, [ControlGroup.Limit])] {
        guard !isUnified else { return [(try hierarchy(of: ""), limits)] }
        return try limits.map { (limit) throws(ControlGroupError) in
            (try hierarchy(of: limit.resource.rawValue), [limit])
        }
    }

    private func hierarchy(
        of controller: String
    ) throws(ControlGroupError) -> ControlGroupHierarchy {
        let membership = memberships.first { $0.controllers.contains(controller) }
        // A path that begins with `/..` is outside of what a container sees.
        guard let membership, !membership.path.hasPrefix("/..") else { throw .noHierarchy }
        return ControlGroupHierarchy(
            root: isUnified ? root : root.appending(membership.mountPoint),
            path: membership.path,
            isUnified: isUnified
        )
    }
}

/// One hierarchy of control groups, by its version's names.
struct ControlGroupHierarchy: Equatable {
    /// Where it is mounted.
    let root: FilePath
    /// The group that this process is in, absolute as seen from the root.
    let path: String
    let isUnified: Bool

    /// The directory of the group that this process is in.
    var own: FilePath { root.pushing(FilePath(String(path.drop { $0 == "/" }))) }

    /// Where a group may be made, best first.
    ///
    /// In the unified hierarchy no group has both processes and groups that are limited, but the outermost.
    var parents: [FilePath] { own == root ? [root] : [own.removingLastComponent(), own] }

    /// Whether a group's own groups can limit a resource.
    func hands(_ resource: ControlGroup.Resource, below group: FilePath) -> Bool {
        guard isUnified else { return true }
        let handed = (try? TextFile.read(group.appending("cgroup.subtree_control"))) ?? nil
        return handed?.split(whereSeparator: \.isWhitespace).contains { $0 == resource.rawValue }
            ?? false
    }

    /// The file that says how much there may be.
    func limit(_ resource: ControlGroup.Resource) -> String {
        switch resource {
        case .memory: isUnified ? "memory.max" : "memory.limit_in_bytes"
        case .processes: "pids.max"
        }
    }

    /// What else keeps a resource within its limit, where there is such a file: what is swapped out is memory.
    func besides(_ limit: ControlGroup.Limit) -> [(file: String, value: String)] {
        guard limit.resource == .memory else { return [] }
        return isUnified
            ? [("memory.swap.max", "0")] : [("memory.memsw.limit_in_bytes", "\(limit.value)")]
    }

    /// What counts how often the limit was in somebody's way.
    func events(_ resource: ControlGroup.Resource) -> (file: String, key: String) {
        switch resource {
        case .memory: (isUnified ? "memory.events" : "memory.oom_control", "oom_kill")
        case .processes: ("pids.events", "max")
        }
    }
}
