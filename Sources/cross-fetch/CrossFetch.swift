// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import CLinux
import Glibc
import Trace

/// The one program that talks to the network and reads archives of strangers.
///
/// SIGINT and SIGTERM keep their default action: nothing is ever half-published, and what was
/// downloaded is gone on with by the next run.
enum CrossFetch {
    /// The status of a failure of this program's own, as Docker has it.
    static let failure: Int32 = 125

    /// Reads the command line and gives up all that it does not ask for.
    ///
    /// To be called while there is only one thread: Landlock holds for a thread and those it starts.
    static func begin(_ arguments: [String]) -> Session {
        fillStandardDescriptors()
        // Half-fetched blobs are for the owner's next run, whatever the shell's mask; and of the modes of
        // a system's files it leaves what most have, which spares a call for each of them.
        umask(0o022)
        // write(2): libcurl is told to leave signals alone, so a peer that hangs up would kill us.
        signal(SIGPIPE, SIG_IGN)
        // An arena for each of many threads keeps what that one gave back: a quarter of a pull's memory.
        limit_arenas(2)
        // Opens its file, which may lie where nothing can be opened any more in a moment.
        _ = Trace.failure
        do {
            return Session(try Fetch.parseAsRoot(Array(arguments.dropFirst())))
        } catch {
            return Session(failed: error)
        }
    }

    /// A descriptor that is missing would become that of a file or socket, and be written to.
    private static func fillStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }
}
