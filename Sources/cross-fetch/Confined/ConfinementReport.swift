// SPDX-License-Identifier: MIT OR Apache-2.0

import Confinement
import Foundation
import Glibc
import SystemPackage

/// What a confined process was refused when it tried, and what the kernel says that it refuses.
struct ConfinementReport: Sendable, Encodable {
    /// What became of the attempts; true where all is as it should be.
    struct Attempts: Sendable, Encodable {
        /// A file beside the store could not be made.
        var writingElsewhere = false
        /// The home directory could not be read.
        var readingHome = false
        /// `true` could not be run.
        var runningPrograms = false
        /// No TCP port could be listened on.
        var listening = false
        /// The parent process could not be signalled.
        var signalling = false
        /// A file of the store could be made and removed.
        var usingStore = false
    }

    let facts: ConfinementFacts
    let attempts: Attempts

    /// Tries what is not to be possible, for a process that has just been confined.
    ///
    /// - Parameters:
    ///   - facts: what it was told then.
    ///   - store: that it may write to.
    ///   - environment: `HOME` is what it may not read.
    init(_ facts: ConfinementFacts, store: FilePath?, environment: [String: String]) {
        self.facts = facts
        // Landlock and seccomp hold for the threads that are started after them, too.
        let home = FilePath(environment["HOME"] ?? "/root")
        var attempts = Attempts()
        let name = ".cross-confinement-\(getpid())"
        attempts.writingElsewhere = Self.isRefused { Self.make(home.appending(name)) }
        attempts.readingHome = Self.isRefused {
            let file = unsafe open(home.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if file >= 0 { close(file) }
            return file
        }
        attempts.runningPrograms = Self.isRefused { Self.runTrue() }
        attempts.listening = Self.isRefused { Self.listen() }
        attempts.signalling = Self.isRefused { kill(getppid(), 0) }
        if let store {
            attempts.usingStore = Self.make(store.appending("tmp").appending(name)) == 0
        }
        self.attempts = attempts
    }

    /// Writes the report to standard output.
    ///
    /// - Returns: the exit status.
    func show(_ format: Fetch.Format) -> Int32 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text: String
        switch format {
        case .json:
            text = (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        case .text:
            text = """
                Landlock          version \(facts.landlock)
                write elsewhere   \(attempts.writingElsewhere ? "refused" : "possible")
                read the home     \(attempts.readingHome ? "refused" : "possible")
                run programs      \(attempts.runningPrograms ? "refused" : "possible")
                listen            \(attempts.listening ? "refused" : "possible")
                signal others     \(attempts.signalling ? "refused" : "possible")
                core files        \(facts.memory ? "none" : "possible")
                gain privileges   \(facts.privileges ? "refused" : "possible")
                """
        }
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
        return 0
    }

    private static func isRefused(_ attempt: () -> Int32) -> Bool {
        attempt() < 0 && [EACCES, EPERM].contains(errno)
    }

    /// Makes a file and removes it.
    private static func make(_ path: FilePath) -> Int32 {
        let file = unsafe open(path.string, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { return -1 }
        close(file)
        return unsafe unlink(path.string)
    }

    private static func runTrue() -> Int32 {
        var process = pid_t()
        let words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("true"), nil]
        defer { unsafe free(words[0]) }
        let error = unsafe posix_spawnp(&process, "true", nil, nil, words, environ)
        guard error == 0 else {
            errno = error
            return -1
        }
        waitpid(process, nil, 0)
        return 0
    }

    private static func listen() -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
