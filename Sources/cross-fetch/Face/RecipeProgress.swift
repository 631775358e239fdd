// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import DebianArchive
import RootfsRecipe

/// What is said of a recipe beside how far it has come.
extension Progress {
    /// So much is going to be fetched.
    func announce(_ layers: [some MissingLayer]) {
        let total = layers.reduce(0) { $0 + $1.size }
        say { $0.status("Fetching", "\(layers.count) packages, \(bytes(total))") }
    }

    /// A single thing is fetched whose size nobody has said.
    func fetching(_ what: String) {
        say { $0.status("Fetching", what) }
    }

    /// So many bytes of it are there.
    func downloading(_ what: String, _ count: Int64) {
        show("             \(what): \(bytes(count))")
    }

    /// The archive is of no use, so an older lock is used.
    func warn(of error: ArchiveClientError, using lock: RecipeLock) {
        let what = Explanation(of: error).what
        say {
            $0.warning("\(what); using the \(lock.packages.count) packages that were locked before")
        }
    }

    /// Newer versions cannot be had, so the release is taken as it was published.
    ///
    /// - Parameters:
    ///   - error: what is wrong with the index.
    ///   - suite: of which nothing is taken.
    ///   - architecture: whose packages are meant; `nil` where all are.
    func warn(
        of error: ArchiveClientError,
        without suite: Suite,
        for architecture: String? = nil
    ) {
        let what = Explanation(of: error).what
        say {
            $0.warning(
                "an index of \(suite.name) is not the one that its release names on any mirror;"
                    + " nothing is taken from \(suite.name)"
                    + (architecture.map { " for \($0)" } ?? "")
            )
            $0.detail(what)
        }
    }

    /// Newer versions are not there for all architectures, and do not fit together with the others.
    ///
    /// - Parameters:
    ///   - suite: of which nothing is taken.
    ///   - architecture: that it does not have.
    func warn(without suite: Suite, lacking architecture: String) {
        say {
            $0.warning(
                "\(suite.name) has nothing for \(architecture); nothing is taken from \(suite.name)"
            )
        }
    }

    func note(_ notice: ArchiveNotice) {
        switch notice {
        case .failed(let subject, let failure):
            let name = Explanation.name(subject)
            let reason = Explanation.reason(failure.fault)
            say { $0.detail("\(name): \(failure.address): \(reason)") }
        case .retrying(let host, let attempt, let pause):
            say { $0.detail("\(host): attempt \(attempt) in \(seconds(pause))") }
        }
    }
}
