// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

extension Explanation {
    init(_ error: SandboxError) {
        switch error {
        case .programNotFound(let name):
            self.init(
                "the image has no program `\(name)`",
                hint: "use an image that has it, or a toolchain of the host's: `cross +stable …`",
                status: 127
            )
        case .programNotExecutable(let name, let errno):
            self.init(
                "`\(name)` in the image cannot be run: \(errno)",
                hint: Self.obstacle(errno),
                status: 126
            )
        case .noArguments: self.init("there is no program to run")
        case .zeroByte(let text): self.init("`\(text)` has a zero byte in it")
        case .failed(let stage, let path, let errno):
            let place = path.map { " `\($0)`" } ?? ""
            self.init(
                "cannot \(Self.attempt(stage))\(place): \(errno)",
                hint: stage == .source && errno == .permissionDenied
                    ? Self.rights : Self.limit(errno)
            )
        }
    }

    /// Who may look at what is mounted: capabilities end where the caller's own id does.
    private static let rights =
        "in the sandbox, root too has only the rights that a file's mode gives to everybody: build as its "
        + "owner, or let others read it"

    /// What execve(2) means that is not the program's own fault.
    private static func obstacle(_ errno: Errno) -> String? {
        switch errno {
        case .noSuchFileOrDirectory: "the interpreter that it names is not in the image"
        case .permissionDenied:
            "where the store's disk is mounted noexec, set CROSS_STORE to another; `cross doctor` says so"
        default: nil
        }
    }

    /// What the sandbox was about to do, to be read after "cannot".
    private static func attempt(_ stage: SandboxError.Stage) -> String {
        switch stage {
        case .channel: "open a channel to the sandbox"
        case .namespaces: "create user and mount namespaces"
        case .identity: "map the user's own id into the sandbox"
        case .namespaceLimit: "limit user namespaces inside"
        case .propagation: "take the sandbox's mounts out of the host's"
        case .source: "open for mounting"
        case .root: "mount an overlay over the root filesystem"
        case .mountPoint: "make a mount point inside at"
        case .mount: "mount inside at"
        case .overlay: "mount an overlay inside at"
        case .pivot: "enter the root filesystem"
        case .network: "set up the sandbox's own network"
        case .hostname: "set the sandbox's host name"
        case .binaryFormat: "register the emulator"
        case .executions: "look at what is started"
        case .confinement: "give up privileges"
        case .filter: "build or load the system call filter"
        case .start: "start the command"
        case .workingDirectory: "change inside into"
        }
    }
}
