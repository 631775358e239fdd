// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
import SystemPackage

extension SandboxError {
    /// Puts the names back to what C reports as numbers.
    init(_ report: sandbox_report, spec: SandboxSpec, steps: [Step]) {
        let errno = Errno(rawValue: report.value)
        let index = Int(report.index)
        func failed(_ stage: Stage, _ path: FilePath? = nil) -> SandboxError {
            .failed(stage, path: path, errno: errno)
        }
        self =
            switch sandbox_stage(UInt32(report.stage)) {
            case SANDBOX_CHANNEL: failed(.channel)
            case SANDBOX_NAMESPACES: failed(.namespaces)
            case SANDBOX_IDENTITY: failed(.identity)
            case SANDBOX_NAMESPACE_LIMIT: failed(.namespaceLimit)
            case SANDBOX_PROPAGATION: failed(.propagation)
            case SANDBOX_SOURCE: failed(.source, steps[index].source)
            case SANDBOX_ROOT: failed(.root, spec.root)
            case SANDBOX_MOUNT_POINT: failed(.mountPoint, steps[index].target)
            case SANDBOX_MOUNT: failed(.mount, steps[index].target)
            case SANDBOX_OVERLAY: failed(.overlay, steps[index].target)
            case SANDBOX_PIVOT: failed(.pivot)
            case SANDBOX_NETWORK: failed(.network)
            case SANDBOX_HOSTNAME: failed(.hostname)
            case SANDBOX_BINARY_FORMAT: failed(.binaryFormat, spec.binaryFormats[index].interpreter)
            case SANDBOX_EXECUTIONS: failed(.executions)
            case SANDBOX_CONFINEMENT: failed(.confinement)
            case SANDBOX_FILTER: failed(.filter)
            case SANDBOX_WORKING_DIRECTORY: failed(.workingDirectory, spec.workingDirectory)
            case SANDBOX_NO_PROGRAM: .programNotFound(spec.arguments[0])
            case SANDBOX_EXECUTE: .programNotExecutable(spec.arguments[0], errno: errno)
            default: failed(.start)
            }
    }
}
