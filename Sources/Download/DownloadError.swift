// SPDX-License-Identifier: MIT OR Apache-2.0

package import OCIStore
package import SystemPackage

/// Why something could not be had from a server, in facts.
package enum DownloadError: Error, Hashable, Sendable {
    /// No answer ever came from the host; `reason` is the network library's wording.
    case unreachable(host: String, reason: String)
    /// The connection broke or stalled, in each of so many attempts.
    case interrupted(host: String, reason: String, attempts: Int)
    /// The host answered with this HTTP status, after so many attempts.
    case status(Int, host: String, attempts: Int)
    /// The host redirected to where the program does not follow.
    case redirectRefused(host: String, location: String, RedirectRefusal)

    /// The answer's headers are more than these bytes, or too many.
    case headersTooLarge(host: String, limit: Int)

    /// The bytes have another digest than announced.
    case digestMismatch(expected: Digest, actual: Digest)
    /// The body has another length than announced; where it went on, `actual` is one more.
    case sizeMismatch(expected: Int64, actual: Int64)
    /// The body came with a content encoding that was not asked for.
    case encoded(String)

    /// The certificates could not be read.
    case certificatesUnreadable(FilePath, Errno)
    /// The file that takes the body could not be written.
    case file(FilePath, Errno)
    /// The caller cancelled the task.
    case cancelled
}
