// SPDX-License-Identifier: MIT OR Apache-2.0

import Console

/// Things that a container engine would keep.
enum Absence: String {
    case volumes
    case containers

    /// The answer to whoever lists or removes them, on standard error: the list itself is empty.
    func tell(_ speech: SpeechOptions) throws {
        speech.console(try Host.current())
            .note("there are no \(rawValue), as no container engine is run")
    }
}

/// Why something that a container engine would keep cannot be had.
enum AbsenceError: Error, Equatable {
    case noVolume
}
