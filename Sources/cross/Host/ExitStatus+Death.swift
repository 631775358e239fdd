// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: signal(7); strsignal(3).

import Glibc
import Sandbox

extension ExitStatus {
    /// What the command died of, where nobody has asked it to end; a shell says so of its own commands.
    var death: String? {
        guard case .signaled(let signal) = self, !Self.requests.contains(signal) else { return nil }
        let name = unsafe strsignal(signal).map { unsafe ", \(String(cString: $0))" }
        return "signal \(signal)\(name ?? "")"
    }

    /// By these people and programs end others, and know of it.
    private static let requests = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE]
}
