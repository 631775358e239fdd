// SPDX-License-Identifier: MIT OR Apache-2.0

import Console

extension Console {
    /// The console as long as nobody has said how to speak.
    static var standard: Console {
        Console(verbosity: .normal, choice: .auto, environment: ProcessEnvironment.current())
    }
}
