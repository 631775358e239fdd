// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc

/// What a run may use of the machine, where the user says so.
struct ResourceLimits: Equatable {
    /// In bytes.
    var memory: Int?
    /// Processes and threads.
    var processes: Int?

    /// Whether a control group has to count the processes, because the kernel does not do so for a sandbox.
    private var countsProcesses: Bool { geteuid() == 0 || ProcessLimit.value == nil }

    /// What a control group has to limit.
    private var limits: [ControlGroup.Limit] {
        var limits: [ControlGroup.Limit] = []
        if let memory { limits.append(.init(resource: .memory, value: memory)) }
        if let processes, countsProcesses {
            limits.append(.init(resource: .processes, value: processes))
        }
        return limits
    }

    /// Runs something within the limits, and says where one was reached, or why there is none.
    ///
    /// Without limits that costs nothing.
    func within<Result>(_ console: Console, _ body: () throws -> Result) rethrows -> Result {
        guard let group = enter(console) else { return try body() }
        defer {
            let reached = group.reached
            group.remove()
            for limit in reached { console.warning(Self.words(limit)) }
        }
        return try body()
    }

    private func enter(_ console: Console) -> ControlGroup? {
        guard !limits.isEmpty else { return nil }
        do throws(ControlGroupError) {
            let group = try ControlGroup(limits)
            try group.enter()
            return group
        } catch {
            console.warning(
                "nothing keeps the build within its limits, for \(error.reason); "
                    + "`\(remedy) cross …` does"
            )
            return nil
        }
    }

    /// systemd's command for the same.
    private var remedy: String {
        let properties = limits.map { limit in
            switch limit.resource {
            case .memory: " --property=MemoryMax=\(limit.value)"
            case .processes: " --property=TasksMax=\(limit.value)"
            }
        }
        return "systemd-run --scope\(geteuid() == 0 ? "" : " --user")" + properties.joined()
    }

    private static func words(_ limit: ControlGroup.Limit) -> String {
        switch limit.resource {
        case .memory:
            "the build needed more memory than the \(limit.value) bytes of `memory-limit`, and the kernel "
                + "killed a process"
        case .processes:
            "the build wanted more processes than the \(limit.value) of `process-limit`"
        }
    }
}

extension ControlGroupError {
    /// To be read after "for".
    var reason: String {
        switch self {
        case .noHierarchy: "this process is in no control group of `/sys/fs/cgroup`"
        case .noController(let group, let resource):
            "the control group `\(group)` hands no `\(resource.rawValue)` on"
        case .notDelegated(let path, let errno): "`\(path)` cannot be written: \(errno)"
        }
    }
}

extension ResourceLimits {
    /// A number as it is written in a configuration.
    ///
    /// - Parameters:
    ///   - text: empty, as CI systems set variables, means nothing.
    ///   - key: of the configuration, for the error.
    ///   - hasUnit: whether `K`, `M`, `G` or `T` may follow, powers of 1024.
    /// - Returns: `nil` where there is none.
    /// - Throws: `ConfigurationError.invalidLimit`, also for nought.
    static func number(
        _ text: String?,
        key: String,
        hasUnit: Bool = false
    ) throws(ConfigurationError) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        let exponent = hasUnit ? Array("KMGT").firstIndex { $0 == text.last } : nil
        let digits = exponent == nil ? text[...] : text.dropLast()
        let shift = exponent.map { 10 * ($0 + 1) } ?? 0
        guard let number = Int(digits), number > 0, number <= Int.max >> shift else {
            throw .invalidLimit(text, key: key)
        }
        return number << shift
    }
}
