// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: landlock(7); seccomp(2); prctl(2).

import CLinux
import Glibc
public import SystemPackage

/// What a process may still do once it has given up the rest, for ever.
public struct Confinement: Hashable, Sendable {
    /// Files and directories that may be read and written, with all that is below them.
    public var writable: [FilePath]
    /// Files and directories that may be read, with all that is below them.
    public var readable: [FilePath]
    /// Files and directories that may be read and run, with all that is below them; where there are
    /// none, no program can be run at all.
    public var runnable: [FilePath]

    /// A confinement to files and directories; those that are missing are passed by.
    ///
    /// - Parameters:
    ///   - writable: no devices and no sockets can be made there, and nothing there can be run.
    ///   - readable: nothing there can be run.
    ///   - runnable: programs, and what they read.
    public init(writable: [FilePath], readable: [FilePath], runnable: [FilePath] = []) {
        self.writable = writable
        self.readable = readable
        self.runnable = runnable
    }

    /// Takes everything else away from this thread and all those it starts.
    ///
    /// To be called while there is no other thread. What the kernel does not know is left out; the
    /// rest holds.
    ///
    /// - Returns: what holds.
    public func enter() -> ConfinementFacts {
        var facts = ConfinementFacts()
        let hasNoCore = set_resource_limit(CInt(RESOURCE_CORE), 0) == 0
        // prctl(2): neither a debugger of the same user nor a core file sees the credentials.
        facts.memory = process_control(PR_SET_DUMPABLE, 0) == 0 && hasNoCore
        facts.privileges = process_control(PR_SET_NO_NEW_PRIVS, 1) == 0
        let version = max(0, landlock_version())
        facts.landlock = Int(version)
        if facts.privileges, version > 0 { confine(LandlockRights(version: version), &facts) }
        if facts.privileges, runnable.isEmpty { facts.programs = SystemCallFilter.enter() }
        return facts
    }

    private func confine(_ rights: LandlockRights, _ facts: inout ConfinementFacts) {
        var handled = landlock_rights(
            files: rights.files,
            ports: rights.ports,
            scopes: rights.scopes
        )
        let ruleset = unsafe landlock_new(&handled, UInt(rights.size))
        guard ruleset >= 0 else { return }
        defer { close(ruleset) }
        for path in writable { allow(path, rights.writing, in: ruleset) }
        for path in readable { allow(path, rights.reading, in: ruleset) }
        for path in runnable { allow(path, rights.running, in: ruleset) }
        guard landlock_enter(ruleset) == 0 else { return }
        facts.files = rights.files != 0
        facts.ports = rights.ports != 0
        facts.signals = rights.scopes != 0
    }

    private func allow(_ path: FilePath, _ rights: UInt64, in ruleset: CInt) {
        let file = unsafe path.withPlatformString { unsafe open($0, CInt(OPEN_PATH) | O_CLOEXEC) }
        guard file >= 0 else { return }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { return }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        _ = landlock_allow(ruleset, file, isDirectory ? rights : rights & LandlockRights.ofFiles)
    }
}

/// What holds of a confinement.
public struct ConfinementFacts: Hashable, Sendable, Codable {
    /// The version of Landlock that the kernel has; 0 for none.
    public internal(set) var landlock = 0
    /// Files outside the confinement can be neither read nor written.
    public internal(set) var files = false
    /// No TCP port can be listened on.
    public internal(set) var ports = false
    /// No process outside can be signalled, nor reached by an abstract socket.
    public internal(set) var signals = false
    /// No program can be run, and no process started or looked into.
    public internal(set) var programs = false
    /// No privileges can be gained.
    public internal(set) var privileges = false
    /// The memory can be read by no other process, and is written to no core file.
    public internal(set) var memory = false
}
