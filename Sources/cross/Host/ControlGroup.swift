// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the kernel's admin-guide/cgroup-v2.rst, "Delegation Containment", "Memory Interface Files", "PID";
// admin-guide/cgroup-v1/memory.rst and pids.rst.

import Glibc
import SystemPackage

/// A control group of a run's own, in which all that it starts counts together.
///
/// It lies beside the group that the process was in, which is where a session of a user's may make one; in
/// the outermost group below it.
struct ControlGroup {
    /// What a group can limit.
    enum Resource: String {
        case memory
        case processes = "pids"
    }

    /// What is allowed of a resource: bytes, or processes and threads.
    struct Limit: Equatable {
        let resource: Resource
        let value: Int
    }

    /// The group in one hierarchy.
    private struct Place {
        let hierarchy: ControlGroupHierarchy
        let directory: FilePath
        let origin: FilePath
        let limits: [Limit]
    }

    private let places: [Place]

    /// Of a group's name; the process's number follows.
    private static let prefix = "cross-"

    /// Makes a group; nobody is in it yet.
    ///
    /// - Parameters:
    ///   - limits: what it limits.
    ///   - hierarchies: of the machine.
    /// - Throws: `ControlGroupError`, and then there is none.
    init(
        _ limits: [Limit],
        in hierarchies: ControlGroupHierarchies = .current()
    ) throws(ControlGroupError) {
        var places: [Place] = []
        do throws(ControlGroupError) {
            for (hierarchy, limits) in try hierarchies.grouped(limits) {
                places.append(try Self.place(limits, hierarchy))
            }
        } catch {
            for place in places { Self.remove(place.directory) }
            throw error
        }
        self.places = places
    }

    private static func place(
        _ limits: [Limit],
        _ hierarchy: ControlGroupHierarchy
    ) throws(ControlGroupError) -> Place {
        var failure = ControlGroupError.noHierarchy
        for parent in hierarchy.parents {
            do throws(ControlGroupError) {
                let directory = try make(limits, in: parent, hierarchy)
                return Place(
                    hierarchy: hierarchy,
                    directory: directory,
                    origin: hierarchy.own,
                    limits: limits
                )
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func make(
        _ limits: [Limit],
        in parent: FilePath,
        _ hierarchy: ControlGroupHierarchy
    ) throws(ControlGroupError) -> FilePath {
        for limit in limits where !hierarchy.hands(limit.resource, below: parent) {
            throw .noController(parent, limit.resource)
        }
        removeAbandoned(in: parent)
        let directory = parent.appending("\(prefix)\(getpid())")
        guard unsafe directory.withPlatformString({ unsafe mkdir($0, 0o755) }) == 0 else {
            throw .notDelegated(parent, Errno(rawValue: errno))
        }
        do throws(ControlGroupError) {
            for limit in limits {
                let file = directory.appending(hierarchy.limit(limit.resource))
                try write("\(limit.value)", to: file)
                for (name, value) in hierarchy.besides(limit) {
                    // Not every machine has swap, or counts it.
                    try? write(value, to: directory.appending(name))
                }
            }
            return directory
        } catch {
            remove(directory)
            throw error
        }
    }

    /// Puts this process into the group, and so all that it starts from now on.
    ///
    /// - Throws: `ControlGroupError.notDelegated`, and then the group is gone.
    func enter() throws(ControlGroupError) {
        do throws(ControlGroupError) {
            for place in places {
                try Self.write("0", to: place.directory.appending("cgroup.procs"))
            }
        } catch {
            remove()
            throw error
        }
    }

    /// The limits that something ran into.
    var reached: [Limit] {
        places.flatMap { place in
            place.limits.filter { limit in
                let events = place.hierarchy.events(limit.resource)
                let text = (try? TextFile.read(place.directory.appending(events.file))) ?? nil
                return text?.split(separator: "\n").contains {
                    $0.hasPrefix("\(events.key) ") && !$0.hasSuffix(" 0")
                } ?? false
            }
        }
    }

    /// Takes this process out again, where it is in, and removes the group.
    func remove() {
        for place in places {
            try? Self.write("0", to: place.origin.appending("cgroup.procs"))
            Self.remove(place.directory)
        }
    }

    /// Removes what runs left that were killed; a run that is about to enter its own lives.
    ///
    /// One that had this process's number does not: in a container numbers come again and again.
    private static func removeAbandoned(in parent: FilePath) {
        for match in Glob.matches(parent.appending("\(prefix)*").string) {
            let path = FilePath(match)
            let maker = path.lastComponent.flatMap { pid_t($0.string.dropFirst(prefix.count)) }
            guard let maker, maker == getpid() || isGone(maker) else { continue }
            remove(path)
        }
    }

    private static func isGone(_ process: pid_t) -> Bool {
        kill(process, 0) < 0 && errno == ESRCH
    }

    private static func remove(_ directory: FilePath) {
        _ = unsafe directory.withPlatformString { unsafe rmdir($0) }
    }

    private static func write(_ text: String, to path: FilePath) throws(ControlGroupError) {
        do {
            let file = try FileDescriptor.open(path, .writeOnly, options: .closeOnExec)
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch {
            throw .notDelegated(path, (error as? Errno) ?? .ioError)
        }
    }
}

/// Why there is no control group.
enum ControlGroupError: Error, Equatable {
    /// None are mounted, or this process is in none of those that are.
    case noHierarchy
    /// The group does not let those below it limit this.
    case noController(FilePath, ControlGroup.Resource)
    /// The group is not this user's to change.
    case notDelegated(FilePath, Errno)
}
