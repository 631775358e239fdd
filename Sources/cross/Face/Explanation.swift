// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore
import Sandbox
import SystemPackage
import Tracer

/// What a user is told of an error: what failed and why, what to do, and the exit status.
///
/// Libraries state facts; all advice of this program is here and beside.
struct Explanation {
    let text: String
    let hint: String?
    /// 125, unless the error is about the program that was to run inside.
    let status: Int32

    init(_ text: String, hint: String? = nil, status: Int32 = 125) {
        self.text = text
        self.hint = hint
        self.status = status
    }

    /// Finds the words for any error.
    init(of error: any Error) {
        self = Self(ofOwn: error) ?? Self("\(error)")
    }

    /// Finds the words for an error of any kind that `cross` throws; `nil` for all others.
    init?(ofOwn error: any Error) {
        let own: Self? =
            switch error {
            case let error as InvocationError: Self(error)
            case let error as WorkspaceError: Self(error)
            case let error as ConfigurationError: Self(error)
            case let error as ContainerOptionsError: Self(error)
            case let error as CautionError: Self(error)
            case let error as TargetError: Self(error)
            case let error as ManifestError: Self(error)
            case let error as CrossLockError: Self(error)
            case let error as ToolchainError: Self(error)
            case let error as FetchError: Self(error)
            case let error as StepError: Self(error)
            case let error as BuildError: Self(error)
            case let error as AbsenceError: Self(error)
            case let error as HostError: Self(error)
            case let error as HostCargoError: Self(error)
            case let error as HostProgramError: Self(error)
            case let error as StoreError: Self(error)
            case let error as SandboxError: Self(error)
            case let error as TracerError: Self(error)
            case let error as LadderError: Self(error)
            default: nil
            }
        guard let own else { return nil }
        self = own
    }

    /// Says it, unless another program has said it already.
    func show(on console: Console) {
        guard !text.isEmpty else { return }
        console.error(text, hint: hint)
    }
}
