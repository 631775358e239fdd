// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A process that a test has started, and will not outlive.
struct Spawned: ~Copyable {
    /// How a process is started, besides its arguments.
    struct Options {
        var environment: [String] = ["CANARY=secret"]
        /// The terminal that becomes its controlling one, in a session of its own.
        var terminal: String?
        /// Standard descriptors that it does not have.
        var closed: [CInt] = []
    }

    let process: pid_t
    private let output: FilePath
    private let errors: FilePath
    private var isReaped = false

    /// Starts a program; its output goes to two files in `directory`.
    init(
        _ arguments: [String],
        in directory: FilePath,
        options: Options = Options()
    ) throws {
        let name = UUID().uuidString
        output = directory.appending(name + ".out")
        errors = directory.appending(name + ".err")
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        if let terminal = options.terminal {
            for descriptor in CInt(0)...2 {
                unsafe posix_spawn_file_actions_addopen(&actions, descriptor, terminal, O_RDWR, 0)
            }
        } else {
            let files = [FilePath("/dev/null"), output, errors]
            for (descriptor, file) in files.enumerated() {
                unsafe posix_spawn_file_actions_addopen(
                    &actions,
                    CInt(descriptor),
                    file.string,
                    descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT,
                    0o644
                )
            }
        }
        for descriptor in options.closed {
            unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // The threads of a test run have signals blocked, which a process would inherit.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        let newSession: CInt = 0x80  // POSIX_SPAWN_SETSID
        let flags = POSIX_SPAWN_SETSIGMASK | (options.terminal == nil ? 0 : newSession)
        unsafe posix_spawnattr_setflags(&attributes, CShort(flags))
        var process: pid_t = 0
        let strings = unsafe arguments.map { unsafe strdup($0) }
        let variables = unsafe options.environment.map { unsafe strdup($0) }
        defer { unsafe (strings + variables).forEach { unsafe free($0) } }
        let error = unsafe posix_spawn(
            &process,
            arguments[0],
            &actions,
            &attributes,
            strings + [nil],
            variables + [nil]
        )
        try #require(error == 0, "posix_spawn of \(arguments[0]): \(Errno(rawValue: error))")
        self.process = process
    }

    deinit {
        if !isReaped {
            kill(process, SIGKILL)
            var status: CInt = 0
            unsafe waitpid(process, &status, 0)
        }
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit status, or 128 and the signal, as shells have it.
    mutating func wait() -> CInt {
        var status: CInt = 0
        while unsafe waitpid(process, &status, 0) < 0 {}
        isReaped = true
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// What it has written to its standard output so far.
    var standardOutput: String { output.text() }

    /// What it has written to its standard error so far.
    var standardError: String { errors.text() }
}

/// Asks every few milliseconds whether something has come true.
///
/// - Returns: whether it has, within `limit`.
func eventually(within limit: Duration = .seconds(5), _ condition: () -> Bool) -> Bool {
    let start = ContinuousClock.now
    while !condition() {
        if ContinuousClock.now - start > limit { return false }
        usleep(5000)
    }
    return true
}

/// The processes of the machine with `marker` among their arguments.
func processes(with marker: String) -> [String] {
    let names = (try? FilePath("/proc").names()) ?? []
    return names.filter { name in
        name.allSatisfy(\.isNumber)
            && FilePath("/proc/\(name)/cmdline").text().split(separator: "\0").contains {
                $0 == marker
            }
    }
}
