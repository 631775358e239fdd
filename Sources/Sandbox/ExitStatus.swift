// SPDX-License-Identifier: MIT OR Apache-2.0

/// How a command ended.
public enum ExitStatus: Equatable, Sendable {
    /// By itself, with a number from 0 to 255.
    case exited(Int32)
    /// By a signal.
    case signaled(Int32)

    /// The exit status that shells give: the number itself, or 128 and the signal.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// Reads what wait(2) says of a process that has ended.
    package init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
    }
}
