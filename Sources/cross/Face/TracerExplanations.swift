// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage
import Tracer

extension Explanation {
    init(_ error: TracerError) {
        switch error {
        case .command(let error): self.init(error)
        case .needsNamespaces:
            self.init(
                "a Dockerfile's USER needs user namespaces, and CROSS_ISOLATION is `none`",
                hint: "unset CROSS_ISOLATION, or name an image that has been built already"
            )
        case .failed(let stage, let path, let errno):
            let place = path.map { " `\($0)`" } ?? ""
            self.init(
                "cannot \(Self.attempt(stage))\(place): \(errno)",
                hint: Self.remedy(stage, errno)
            )
        }
    }

    /// What was about to be done, to be read after "cannot".
    private static func attempt(_ stage: TracerError.Stage) -> String {
        switch stage {
        case .scratch: "make the directory for temporary files"
        case .source: "find for the build"
        case .mountPoint: "find a place inside for"
        case .channel: "open a channel to the tracer"
        case .start: "start the command"
        case .trace: "trace the command"
        case .filter: "have its system calls answered"
        case .workingDirectory: "change inside into"
        }
    }

    private static func remedy(_ stage: TracerError.Stage, _ errno: Errno) -> String? {
        switch (stage, errno) {
        case (.scratch, _): "set TMPDIR to a directory that you may write"
        case (.trace, .notPermitted), (.trace, .permissionDenied):
            "a security module forbids ptrace(2), or another tracer is there:\n"
                + "sudo sysctl -w kernel.yama.ptrace_scope=1"
        case (.filter, .resourceBusy):
            "another program answers this one's system calls already, as LXD and Sysbox do"
        case (.filter, .invalidArgument): "Linux 5.9 or newer is needed"
        default: nil
        }
    }
}
