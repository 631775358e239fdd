// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

/// What the configuration wants done to a target's root filesystem before anything is built in it.
struct Preparation {
    let target: Target
    let configuration: Configuration
    let isOffline: Bool
    let host: Host
    let console: Console

    /// Prepares a root filesystem, unless that was done before.
    ///
    /// - Parameter base: as it was pulled, or made of packages.
    /// - Returns: the prepared one; the same where nothing is to be done.
    /// - Throws: `StepError`, `StoreError`, `SandboxError`, or `ConfigurationError`.
    func rootfs(_ base: consuming Rootfs) throws -> Rootfs {
        guard let preBuild = configuration.preBuild(target) else { return base }
        let step = try preBuild.step(target, base)
        let store = try Store.ofUser(host)
        let record = try store.step(step.key(above: base.chainID)) ?? result(of: step, base, store)
        return base.prepared(as: record, try store.materialise(record))
    }

    private func result(
        of step: BuildStep,
        _ base: borrowing Rootfs,
        _ store: Store
    ) throws -> StepRecord {
        if target.triple == Self.armv6 { console.note(Self.olderThanDebians) }
        let runner = try Runner(target, configuration, base)
        let steps = StepRunner(
            store: store,
            host: host,
            console: console,
            isOffline: isOffline,
            mounts: runner.mounts,
            mirrors: base.mirrors,
            allowsSocketcall: target.isI386
        )
        do {
            return try steps.result(of: step, above: StepRecord(layers: base.layers))
        } catch StepError.failed(var failure) {
            failure.place = configuration.placeOfPreBuild(target)
            throw StepError.failed(failure)
        }
    }

    private static let armv6 = "arm-unknown-linux-gnueabihf"
    private static let olderThanDebians =
        "Debian's packages for armhf are made for ARMv7; programs that are linked with them do not run "
        + "on ARMv6, which `\(armv6)` is for"
}
