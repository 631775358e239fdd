// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docker/linux-runner; qemu-user, "-L" and `QEMU_LD_PREFIX`.

import Sandbox
import SystemPackage

/// How programs built for the target are run inside.
struct Runner {
    /// `runner` of the configuration.
    enum Choice: String {
        case native
        case qemuUser = "qemu-user"
        case qemuSystem = "qemu-system"
    }

    let choice: Choice?
    let target: Target
    /// The command that the root filesystem's recipe names.
    private let command: String?
    /// The emulator the target needs; `nil` where programs run without one.
    private let emulator: Emulator?
    /// The emulator's program inside; `nil` where the image has none.
    private let program: FilePath?
    /// The program that boots a machine for each program; `nil` where the root filesystem has none.
    private let machine: FilePath?
    /// Whether the root filesystem is made of packages, so that what it lacks is no image's fault.
    private let isRecipe: Bool
    /// Where the target's libraries in the image lie on the host; `nil` where they need no prefix.
    private let libraries: FilePath?

    /// Decides for a target and an image.
    ///
    /// - Throws: `ConfigurationError.invalidRunner`.
    init(
        _ target: Target,
        _ configuration: Configuration,
        _ rootfs: borrowing Rootfs
    ) throws(ConfigurationError) {
        let name = configuration.runner(target) ?? ""
        let choice = Choice(rawValue: name)
        guard name.isEmpty || choice != nil else { throw .invalidRunner(name) }
        let emulator = Emulator(for: target)
        self.choice = choice
        self.target = target
        self.emulator = emulator
        command = rootfs.runner
        var program: FilePath?
        for name in emulator?.programs ?? [] where program == nil { program = rootfs.program(name) }
        self.program = program
        machine = choice == .qemuSystem ? rootfs.program("qemu-system-runner") : nil
        isRecipe = rootfs.mirrors != nil
        libraries = Self.libraries(rootfs)
    }

    private static func libraries(_ rootfs: borrowing Rootfs) -> FilePath? {
        guard let name = rootfs.environment["QEMU_LD_PREFIX"] else { return nil }
        let inside = FilePath(name)
        guard inside.components.count > 0 else { return nil }
        return rootfs.resolve(inside)
    }

    /// Adds what the image's runner script and cargo look at.
    ///
    /// An image that names a runner itself keeps it; its script reads `CROSS_RUNNER`.
    ///
    /// - Parameters:
    ///   - environment: what the build will see.
    ///   - rootfs: its name, for the error.
    ///   - isNeeded: whether programs for the target will be run.
    /// - Throws: `TargetError.noEmulator`, `.noMachine` or `.notNative`, where they will, and nothing can.
    func apply(
        to environment: inout InsideEnvironment,
        rootfs: String,
        isNeeded: Bool
    ) throws(TargetError) {
        environment["CROSS_RUNNER"] = choice?.rawValue ?? ""
        let variable = "CARGO_TARGET_\(target.cargoVariable)_RUNNER"
        guard environment[variable] == nil else { return }
        if choice == .native {
            guard !isNeeded || emulator?.isOptional ?? true else { throw .notNative(target) }
            return
        }
        if choice == .qemuSystem {
            guard machine != nil || !isNeeded else { throw noMachine(rootfs) }
            environment[variable] = machine?.string
            return
        }
        if let command, choice == nil {
            environment[variable] = command
            return
        }
        guard let emulator else { return }
        guard let program else {
            guard isNeeded else { return }
            throw .noEmulator(target, rootfs: rootfs, program: emulator.programs[0])
        }
        environment[variable] = program.string
    }

    private func noMachine(_ rootfs: String) -> TargetError {
        isRecipe
            ? .noMachine(target) : .noEmulator(target, rootfs: rootfs, program: "/linux-runner")
    }

    /// Makes the kernel inside run programs for the target, whoever spawns them.
    var binaryFormats: [BinaryFormat] {
        guard let emulator, let program, choice != .native else { return [] }
        return [emulator.binaryFormat(interpreter: program)]
    }

    /// The target's libraries where qemu looks for them when a program cleared its environment.
    ///
    /// The prefix is compiled in: Debian's builds have the first, qemu's own default is the second.
    var mounts: [Mount] {
        guard let emulator, let libraries else { return [] }
        return ["/etc/qemu-binfmt/\(emulator.name)", "/usr/gnemul/qemu-\(emulator.name)"].map {
            Mount(
                target: FilePath($0),
                kind: .bind(libraries, .readOnly, missing: .fail)
            )
        }
    }
}
