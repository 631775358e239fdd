// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the rustc book, "Tests", `RUST_TEST_THREADS`; cross-rs, docker/Dockerfile.*, which set it to 1.

extension Entry {
    /// How many tests run at the same time.
    static let testThreads = "RUST_TEST_THREADS"

    /// Whether the root filesystem's word on test threads is a caution that its emulator does not need.
    ///
    /// Published images say 1 for all emulators. What the user says, in the environment or in the
    /// configuration, counts more than either.
    func testsInParallel(_ rootfs: borrowing Rootfs) -> Bool {
        guard invocation.runsTargetPrograms, rootfs.environment[Self.testThreads] != nil,
            !threadedEmulators.isEmpty, let emulator = Emulator(for: target)
        else { return false }
        for name in emulator.programs {
            guard let inside = rootfs.program(name), let program = rootfs.resolve(inside) else {
                continue
            }
            guard let version = emulator.version(of: program) else { return false }
            return threadedEmulators.contains { version == $0 || version.hasPrefix("\($0).") }
        }
        return false
    }
}
