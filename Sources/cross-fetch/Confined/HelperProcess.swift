// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: posix_spawn(3).

import DebianArchive
import Foundation
import Glibc
import OCIRegistry
import OCIStore
import Synchronization
import SystemPackage

/// This program once more, started before any stranger was heard, to run helper programs for the
/// one that then gives up running any.
///
/// It ends when this process does: its end of the socket is closed then.
final class HelperProcess: Sendable {
    private let frames: Frames
    private let threads = WorkerThreads()
    /// One question at a time; an answer belongs to the one before it.
    private let turn = Mutex(())

    /// Starts it, from the only thread there is.
    ///
    /// - Parameters:
    ///   - store: that it may write to.
    ///   - forPackages: whether it is for gpgv and pip; else for credential helpers.
    init?(store: FilePath, forPackages: Bool) {
        var sockets: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &sockets) == 0 else { return nil }
        defer { close(sockets[1]) }
        let arguments =
            ["cross-fetch", "helpers", "--store", store.string]
            + (forPackages ? ["--for-packages"] : [])
        guard Self.spawn(arguments, socket: sockets[1]) else {
            close(sockets[0])
            return nil
        }
        frames = Frames(socket: sockets[0])
    }

    deinit {
        close(frames.socket)
    }

    /// Asks, and waits for the answer.
    func ask(_ question: HelperQuestion) async -> HelperAnswer {
        await threads.wait { [self] in
            turn.withLock { _ in
                guard frames.send(question) else { return .refused }
                return frames.receive(HelperAnswer.self) ?? .refused
            }
        }
    }

    /// In the manner of a registry's client.
    func credential(_ name: String, _ server: String) async -> CredentialHelperAnswer {
        guard case .credential(let answer) = await ask(.credential(name: name, server: server))
        else { return .unusable }
        return answer
    }

    /// In the manner of an archive's client.
    func signature(_ question: SignatureQuestion) async throws(ReleaseFault) -> SignatureReport {
        let answer = await ask(
            .signature(
                signed: Data(question.signed),
                keyrings: question.keyrings.map(\.string),
                output: question.output.string,
                home: question.home.string
            )
        )
        switch answer {
        case .signature(let report): return report
        case .noVerifier: throw .verifierMissing
        case .notStarted(let errno): throw .verifierNotStarted(Errno(rawValue: errno))
        case .unwritable(let path, let errno):
            throw .scratch(FilePath(path), Errno(rawValue: errno))
        default: throw .verifierFailed
        }
    }

    /// Runs this very program with the socket as descriptor 3, and nothing to read or to write to.
    private static func spawn(_ arguments: [String], socket: Int32) -> Bool {
        var actions = unsafe posix_spawn_file_actions_t()
        guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { return false }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        _ = unsafe posix_spawn_file_actions_adddup2(&actions, socket, HelperService.socket)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO] {
            _ = unsafe posix_spawn_file_actions_addopen(
                &actions,
                descriptor,
                "/dev/null",
                O_RDWR,
                0
            )
        }
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
        defer { unsafe words.forEach { unsafe free($0) } }
        unsafe words.append(nil)
        var process = pid_t()
        return unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, words, environ) == 0
    }
}
