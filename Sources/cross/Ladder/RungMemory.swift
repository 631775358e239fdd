// SPDX-License-Identifier: MIT OR Apache-2.0

import FoundationEssentials
import Sandbox
import SystemPackage

/// The rung that held last time, where it was not the highest.
///
/// One small file in `$XDG_CACHE_HOME/cross`; where the full sandbox is to be had, there is none.
/// It counts for the same boot, container, user, restrictions and store.
struct RungMemory {
    private let file: FilePath?
    private let host: Host

    /// The memory of a user.
    init(_ host: Host) {
        self.host = host
        file = host.cacheDirectory?.appending("rung")
    }

    /// What is remembered; the full sandbox where that is nothing.
    var rung: Rung {
        guard let file, let text = (try? TextFile.read(file)) ?? nil else { return [] }
        let lines = text.split(separator: "\n", maxSplits: 1)
        guard lines.count == 2, lines[1] == profile, let bits = UInt8(lines[0]) else { return [] }
        return Rung(rawValue: bits)
    }

    /// Remembers a rung; where the file cannot be written, the next run tries again.
    func keep(_ rung: Rung) {
        guard let file, rung != self.rung else { return }
        guard !rung.isEmpty else { return file.unlink() }
        let directory = file.removingLastComponent()
        guard (try? Directory.create(directory, mode: .ownerReadWriteExecute)) != nil else {
            return
        }
        let text = "\(rung.rawValue)\n\(profile)"
        try? Data(text.utf8).write(to: URL(filePath: file.string), options: .atomic)
    }

    /// All that decides which rung holds and can change without a new kernel.
    private var profile: String {
        let surroundings = Surroundings.current()
        let device = try? Rehearsal(host).spec.root.stat().deviceID
        return [
            surroundings.boot, surroundings.mountNamespace, surroundings.userNamespace,
            surroundings.confinement, "\(surroundings.user)", surroundings.systemCallFilter,
            device.map { "\($0.rawValue)" } ?? "",
        ].joined(separator: " ")
    }
}
