// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: "Trace Event Format", JSON Array Format; complete events, `"ph": "X"`.

import Glibc

/// A time line of what a program does, in the file that `CROSS_TRACE` names.
///
/// Without the variable nothing is measured. With it every program that has it in its environment
/// appends a line when something has ended; browsers' tracing pages and Perfetto show the file. Its
/// closing bracket is left out, as the format allows, so that whoever comes next can append.
public enum Trace {
    /// A point in time, of the machine's monotonic clock: the same for all programs.
    public struct Moment: Sendable {
        fileprivate let microseconds: UInt64?
    }

    /// Opened once; `nil` where there is nothing to write to.
    private static let file = open()

    /// Why the file cannot be written, where it cannot.
    public static var failure: CInt? {
        if case .failure(let errno)? = file { errno } else { nil }
    }

    /// The beginning of something.
    public static func begin() -> Moment {
        Moment(microseconds: file == nil ? nil : now())
    }

    /// Notes the end of something.
    ///
    /// - Parameters:
    ///   - name: of what was done.
    ///   - beginning: when it began.
    ///   - lane: what goes on side by side is shown in lanes of its own.
    public static func end(
        _ name: @autoclosure () -> String,
        since beginning: Moment,
        lane: UInt32 = 0
    ) {
        guard case .opened(let file)? = file, let start = beginning.microseconds else { return }
        let line = """
            {"name":"\(quoted(name()))","ph":"X","ts":\(start),"dur":\(now() - start),\
            "pid":\(getpid()),"tid":\(lane)},

            """
        // One call: appending is atomic, whoever else writes.
        _ = unsafe Array(line.utf8).withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    }

    /// Notes how long something takes.
    ///
    /// - Parameters:
    ///   - name: of what is done.
    ///   - lane: as with `end`.
    ///   - body: does it.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public static func span<Value: ~Copyable, Failure: Error>(
        _ name: @autoclosure () -> String,
        lane: UInt32 = 0,
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let beginning = begin()
        defer { end(name(), since: beginning, lane: lane) }
        return try body()
    }

    private enum File: Sendable {
        case opened(CInt)
        case failure(CInt)
    }

    private static func open() -> File? {
        guard let path = unsafe getenv("CROSS_TRACE"), unsafe path.pointee != 0 else { return nil }
        let flags = O_WRONLY | O_APPEND | O_CLOEXEC
        // Whoever makes the file writes the bracket, before anybody else can find it empty.
        let made = unsafe Glibc.open(path, flags | O_CREAT | O_EXCL, 0o644)
        if made >= 0 {
            _ = unsafe write(made, "[\n", 2)
            return .opened(made)
        }
        let there = unsafe Glibc.open(path, flags)
        return there >= 0 ? .opened(there) : .failure(errno)
    }

    private static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }

    /// RFC 8259, §7.
    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..<" ": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
