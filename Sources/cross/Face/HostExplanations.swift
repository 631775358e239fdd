// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

extension Explanation {
    init(_ error: ToolchainError) {
        switch error {
        case .none(let rootfs):
            self.init(
                "there is no cargo, neither in \(rootfs) nor on this machine",
                hint: "install Rust with rustup, or use an image that has cargo"
            )
        case .noRustup(let channel):
            self.init(
                "there is no Rust on this machine to take `+\(channel)` from",
                hint:
                    "install Rust with rustup, or leave `+\(channel)` out: the root filesystem has a cargo"
            )
        case .rustcFailed(let path, let status):
            self.init(
                "`\(path)` exited with status \(status) when asked for its sysroot",
                hint: "see what it says above; `rustup toolchain list` shows what is installed, "
                    + "and `rustup default stable` chooses"
            )
        case .noCargo(let sysroot):
            self.init(
                "the toolchain `\(sysroot)` has no `bin/cargo`",
                hint: "choose a complete toolchain with `cross +toolchain …`"
            )
        case .notInstalled(let name):
            self.init(
                "the toolchain `\(name)`, which runs in the image, is not installed",
                hint: "rustup toolchain add \(name) --profile minimal --force-non-host"
            )
        case .inRootfs(let sysroot, let rootfs):
            self.init(
                "the toolchain in `\(sysroot)` cannot be mounted: \(rootfs) has a directory of "
                    + "its own there",
                hint: "use a toolchain of rustup's, or one that was linked with "
                    + "`rustup toolchain link`"
            )
        }
    }

    init(_ error: FetchError) {
        switch error {
        case .noStore:
            self.init(
                "there is no place for the store: this user has no home directory",
                hint: "set CROSS_STORE to a directory that you may write"
            )
        case .noProgram:
            self.init(
                "`cross-fetch` is not beside `cross`",
                hint: "install both into the same directory, as `make install` does"
            )
        case .imageOffline(let reference, let locked):
            self.init(
                "the image \(reference)"
                    + (locked.map { ", locked to the manifest \($0)," } ?? "")
                    + " is not in the store, and this run is offline",
                hint: "while the network is there, run `cross-util pull "
                    + (locked == nil ? "\(reference)`" : "--target TRIPLE` in the project")
            )
        case .imageNotLocked(let reference):
            self.init(
                "Cross.lock does not say what \(reference) stands for, and `--locked` forbids to "
                    + "find out",
                hint: "build once without `--locked` and `--frozen`, and commit Cross.lock"
            )
        case .recipeOffline(let target):
            self.init(
                "the root filesystem for \(target.triple) is not in the store, and this run is "
                    + "offline",
                hint: "build once without `--offline` and `--frozen` while the network is there"
            )
        case .notLocked(let target):
            self.init(
                "Cross.lock does not say what the root filesystem for \(target.triple) consists "
                    + "of, and `--locked` forbids to find out",
                hint: "build once without `--locked` and `--frozen`, and commit Cross.lock"
            )
        case .notStored(let name):
            self.init("\(name) was fetched but is not in the store any more")
        case .notInStore(let reference):
            self.init(
                "\(reference) is not in the store",
                hint: "fetch it with `cross-util pull`; `cross-util images` lists what there is"
            )
        // cross-fetch has said why; a signal was meant for both.
        case .failed(let status): self.init("", status: status > 128 ? status : 125)
        }
    }

    init(_ error: HostError) {
        switch error {
        case .setuid:
            self.init(
                "this program is installed setuid or setgid, and must not be",
                hint: "sudo chmod u-s,g-s $(command -v cross)"
            )
        case .noWorkingDirectory(let number):
            self.init(
                "the working directory is not there: \(Errno(rawValue: number))",
                hint: "change into a directory that exists"
            )
        case .notUTF8(let variable): self.init(notUTF8: variable)
        }
    }

    init(notUTF8 variable: String) {
        self.init(
            "the value of the environment variable `\(variable)` is not UTF-8",
            hint: "set it to one that is, or unset it; a path can be named by a link to it"
        )
    }

    init(_ error: HostCargoError) {
        switch error {
        case .notFound(let arguments):
            self.init(
                "`cross \(arguments.joined(separator: " "))` is the host's cargo's to do, and there "
                    + "is none",
                hint: "install Rust with rustup, or put cargo on PATH",
                status: 127
            )
        case .cannotRun(let path, let errno):
            self.init("cannot run `\(path)`: \(errno)", status: 126)
        }
    }

    init(_ error: HostProgramError) {
        switch error {
        case .cannotRun(let path, let reason): self.init("cannot run `\(path)`: \(reason)")
        }
    }

    init(_ error: TextFileError) {
        switch error {
        case .unreadable(let path, let errno): self.init("cannot read `\(path)`: \(errno)")
        case .tooLarge(let path):
            self.init("`\(path)` is larger than \(TextFile.limit >> 20) MiB")
        case .notUTF8(let path): self.init("`\(path)` is not UTF-8")
        }
    }
}
