// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
import SystemPackage

/// One thing to do to the new root, as `struct sandbox_step` has it.
struct Step: Equatable {
    /// The restrictions of a mount, from mount_setattr(2).
    struct Attributes: OptionSet {
        let rawValue: UInt64
        static let readOnly = Attributes(rawValue: UInt64(MOUNT_ATTR_RDONLY))
        static let noSetuid = Attributes(rawValue: UInt64(MOUNT_ATTR_NOSUID))
        static let noDevices = Attributes(rawValue: UInt64(MOUNT_ATTR_NODEV))
        static let noExecution = Attributes(rawValue: UInt64(MOUNT_ATTR_NOEXEC))
        static let harmless: Attributes = [.noSetuid, .noDevices]
        static let inert: Attributes = [.noSetuid, .noDevices, .noExecution]
    }

    var kind: sandbox_step_kind
    var target: FilePath
    /// A path of the host, a filesystem type, or the destination of a link.
    var source: FilePath?
    var attributes: Attributes = []
    var mode: CInt = 0
    var isOptional = false
    var tellsWrites = false

    /// The step for one mount of a spec.
    ///
    /// Where there are no overlays, what would have been dropped in the end is refused.
    init(_ mount: Mount, on rung: Rung) {
        target = mount.target
        switch mount.kind {
        case .bind(let path, let access, let missing):
            kind = SANDBOX_STEP_BIND
            source = path
            attributes = access == .readOnly ? [.harmless, .readOnly] : .harmless
            isOptional = missing == .skip
        case .temporary(let mode):
            kind = SANDBOX_STEP_DIRECTORY
            attributes = .harmless
            self.mode = mode
        case .overlay(let lower):
            let isAvailable = !rung.contains(.refusedWrites)
            kind = isAvailable ? SANDBOX_STEP_OVERLAY : SANDBOX_STEP_BIND
            source = lower
            attributes = isAvailable ? .harmless : [.harmless, .readOnly]
            tellsWrites = isAvailable && mount.tellsWrites
        }
    }

    /// Whether its target is made where there is none.
    var makesItsTarget: Bool {
        kind != SANDBOX_STEP_READ_ONLY && kind != SANDBOX_STEP_MASK
    }

    private init(_ kind: sandbox_step_kind, _ target: FilePath) {
        self.kind = kind
        self.target = target
    }

    static func bind(
        _ source: FilePath,
        at target: FilePath? = nil,
        _ attributes: Attributes,
        optional: Bool = false
    ) -> Step {
        var step = Step(SANDBOX_STEP_BIND, target ?? source)
        step.source = source
        step.attributes = attributes
        step.isOptional = optional
        return step
    }

    static func directory(_ target: FilePath, mode: CInt, _ attributes: Attributes) -> Step {
        var step = Step(SANDBOX_STEP_DIRECTORY, target)
        step.mode = mode
        step.attributes = attributes
        return step
    }

    static func filesystem(
        _ type: FilePath,
        _ target: FilePath,
        _ attributes: Attributes,
        optional: Bool = false
    ) -> Step {
        var step = Step(SANDBOX_STEP_FILESYSTEM, target)
        step.source = type
        step.attributes = attributes
        step.isOptional = optional
        return step
    }

    static func binaryFormats(_ target: FilePath) -> Step {
        var step = Step.filesystem("binfmt_misc", target, .inert)
        step.kind = SANDBOX_STEP_BINARY_FORMATS
        return step
    }

    static func link(_ target: FilePath, to destination: FilePath) -> Step {
        var step = Step(SANDBOX_STEP_SYMLINK, target)
        step.source = destination
        return step
    }

    static func readOnly(_ target: FilePath) -> Step {
        var step = Step(SANDBOX_STEP_READ_ONLY, target)
        step.attributes = [.inert, .readOnly]
        step.isOptional = true
        return step
    }

    static func mask(_ target: FilePath) -> Step {
        var step = Step(SANDBOX_STEP_MASK, target)
        step.attributes = [.inert, .readOnly]
        step.isOptional = true
        return step
    }
}
