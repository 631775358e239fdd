// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCIStore
import RootfsRecipe

extension Explanation {
    init(of error: RecipeError) {
        switch error {
        case .noStore: self.init(of: PullError.noStore)
        case .request(let error):
            self.init("standard input holds no request for a recipe: \(error.reason)")
        case .noLock:
            self.init(
                "the recipe is to be taken as locked, but there is no lock for it",
                hint: "run the same command without --locked once, and keep Cross.lock"
            )
        case .outdatedLock:
            self.init(
                "the recipe is to be taken as locked, but the lock is of another recipe",
                hint: "run the same command without --locked once, and keep Cross.lock"
            )
        case .platform(let platform):
            self.init("the distribution has no packages for \(platform)")
        case .sources(let error): self.init(of: error)
        case .archive(let error): self.init(of: error)
        case .resolution(let error): self.init(of: error)
        case .package(let error): self.init(of: error)
        case .system(let error): self.init(of: error)
        case .wheel(let error): self.init(of: error)
        case .store(let error): self.init(of: error)
        }
    }

    init(of error: WheelError) {
        switch error {
        case .noPip:
            self.init(
                "the recipe has a Python package, but there is no pip in PATH",
                hint: "install it: apt-get install python3-pip"
            )
        case .malformed(let name, let version):
            self.init("'\(name)' in version '\(version)' cannot be a Python package")
        case .notStarted(let reason): self.init("cannot run pip: \(reason)")
        case .failed(let name, let version, let status, let message):
            self.init(
                "pip could not fetch \(name) \(version) (exit status \(status))"
                    + (message.isEmpty ? "" : ": \(message)"),
                hint: "pip takes its index, proxy and certificates from its own configuration:"
                    + " pip config list"
            )
        case .mismatch(let name, let version, let expected):
            self.init("pip fetched no file of \(name) \(version) with the digest \(expected)")
        }
    }
}
