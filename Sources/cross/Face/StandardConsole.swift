// SPDX-License-Identifier: MIT OR Apache-2.0

import Console

extension Console {
    /// The console as long as nobody has said how to speak.
    static var standard: Console {
        let environment = ProcessEnvironment.current().variables
        return Console(verbosity: .normal, choice: .auto, environment: environment)
    }
}
