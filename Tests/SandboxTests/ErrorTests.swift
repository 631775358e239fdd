// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Sandbox
import SystemPackage
import Testing

/// What is said when a command is not run.
@Suite(.serialized) struct ErrorTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    /// The error of a spec that differs from a good one.
    private func error(_ change: (inout SandboxSpec) -> Void) -> SandboxError? {
        var spec = SandboxSpec(root: ground.root, arguments: ["/bin/true"])
        change(&spec)
        do {
            _ = try run(spec)
            return nil
        } catch {
            return error
        }
    }

    @Test func aGoodSpecIsNoError() {
        #expect(error { _ in } == nil)
    }

    @Test func whatIsMissingIsNamedByItsStageAndPath() {
        let nowhere: FilePath = "/no/where"
        let notFound = Errno.noSuchFileOrDirectory
        #expect(
            error { $0.root = nowhere } == .failed(.root, path: nowhere, errno: notFound)
        )
        #expect(
            error { $0.workingDirectory = nowhere }
                == .failed(.workingDirectory, path: nowhere, errno: notFound)
        )
        let mount = Mount(target: "/t", kind: .bind(nowhere, .readOnly, missing: .fail))
        #expect(
            error { $0.mounts = [mount] } == .failed(.source, path: nowhere, errno: notFound)
        )
        let lower = Mount(target: "/t", kind: .overlay(lower: nowhere))
        #expect(
            error { $0.mounts = [lower] } == .failed(.source, path: nowhere, errno: notFound)
        )
    }

    @Test func aMissingSourceMayBeSkipped() {
        let mount = Mount(target: "/t", kind: .bind("/no/where", .readOnly, missing: .skip))
        #expect(error { $0.mounts = [mount] } == nil)
    }

    @Test func aMountPointThatCannotBeIsNamed() throws {
        #expect(
            error { $0.mounts = [Mount(target: "/", kind: .temporary(mode: 0o755))] }
                == .failed(.mountPoint, path: "/", errno: .resourceBusy)
        )
        #expect(
            error { $0.mounts = [Mount(target: "/bin/busybox/x", kind: .temporary(mode: 0o755))] }
                == .failed(.mountPoint, path: "/bin/busybox/x", errno: .notDirectory)
        )
        #expect(
            error { $0.mounts = [Mount(target: "/bin/busybox", kind: .temporary(mode: 0o755))] }
                == .failed(.mountPoint, path: "/bin/busybox", errno: .notDirectory)
        )
        try ground.root.appending("loop").link(to: "loop")
        #expect(
            error { $0.mounts = [Mount(target: "/loop", kind: .temporary(mode: 0o755))] }
                == .failed(.mountPoint, path: "/loop", errno: .tooManySymbolicLinkLevels)
        )
        let work = Mount(target: "/w", kind: .bind(ground.project, .readOnly, missing: .fail))
        let inside = Mount(target: "/w/no/such", kind: .temporary(mode: 0o755))
        #expect(
            error { $0.mounts = [work, inside] }
                == .failed(.mountPoint, path: "/w/no/such", errno: .readOnlyFileSystem)
        )
    }

    @Test func aProgramIsNamedAsTheCallerNamedIt() {
        #expect(error { $0.arguments = ["no-such"] } == .programNotFound("no-such"))
        #expect(
            error { $0.arguments = ["/bin"] }
                == .programNotExecutable("/bin", errno: .permissionDenied)
        )
    }

    @Test func aSpecThatCannotBeSpeltIsRefusedBeforeAnythingHappens() {
        #expect(error { $0.arguments = [] } == .noArguments)
        #expect(error { $0.environment = ["A=\0B"] } == .zeroByte("A=\0B"))
        #expect(
            error { $0.hostname = String(repeating: "x", count: 65) }
                == .failed(.hostname, path: nil, errno: .invalidArgument)
        )
    }

    @Test func theCallersDispositionsAndMaskAreItsOwnAgain() throws {
        var before = sigaction()
        var after = sigaction()
        var maskBefore = sigset_t()
        var maskAfter = sigset_t()
        unsafe sigaction(SIGTERM, nil, &before)
        unsafe pthread_sigmask(SIG_BLOCK, nil, &maskBefore)
        #expect(error { _ in } == nil)
        #expect(error { $0.arguments = ["no-such"] } != nil)
        unsafe sigaction(SIGTERM, nil, &after)
        unsafe pthread_sigmask(SIG_BLOCK, nil, &maskAfter)
        let restorer: CInt = 0x0400_0000  // the C library's own addition
        #expect(before.sa_flags | restorer == after.sa_flags | restorer)
        for signal in 1..<CInt(32) {
            let was = unsafe sigismember(&maskBefore, signal)
            #expect(unsafe sigismember(&maskAfter, signal) == was)
        }
    }
}
