// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Sandbox
import SystemPackage

/// What runs the programs of other processors in a step, such as those that a package of a foreign
/// architecture starts when it is installed.
struct StepEmulators {
    private(set) var binaryFormats: [BinaryFormat] = []
    private(set) var mounts: [Mount] = []
    /// Where the emulators are, so that nobody removes them meanwhile.
    private var held: [HeldTree] = []

    /// Where emulators of other root filesystems are seen; it leaves no trace.
    private static let directory: FilePath = "/run/cross"

    /// Finds the emulators that the root filesystem has, and for other processors those of images in
    /// the store that need no other file.
    ///
    /// - Parameters:
    ///   - root: in which the step is done.
    ///   - searchPath: the step's `PATH`.
    ///   - store: whose images are looked at.
    /// - Throws: `StoreError`.
    init(_ root: RootDirectory, _ searchPath: String, _ store: Store) throws(StoreError) {
        var missing: [Emulator] = []
        for emulator in Emulator.all {
            var program: FilePath?
            for name in emulator.programs where program == nil {
                program = root.program(name, in: searchPath)
            }
            if let program {
                binaryFormats.append(emulator.binaryFormat(interpreter: program))
            } else {
                missing.append(emulator)
            }
        }
        try borrow(missing, store)
    }

    private mutating func borrow(_ missing: [Emulator], _ store: Store) throws(StoreError) {
        var missing = missing
        for image in try store.images() where try store.rootfs(image.record.chainID) != nil {
            let tree = try HeldTree(try StepRecord(layers: image.record.diffIDs), store)
            let root = RootDirectory(path: tree.path)
            let count = missing.count
            missing.removeAll { emulator in
                for name in emulator.programs {
                    guard let inside = root.program(name, in: RootDirectory.searchPath),
                        let program = root.resolve(inside), ELFProgram(program)?.isStatic == true
                    else { continue }
                    let target = Self.directory.appending(name)
                    mounts.append(
                        Mount(target: target, kind: .bind(program, .readOnly, missing: .fail))
                    )
                    binaryFormats.append(emulator.binaryFormat(interpreter: target))
                    return true
                }
                return false
            }
            if missing.count < count { held.append(tree) }
        }
    }
}
