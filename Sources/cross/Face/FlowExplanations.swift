// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

extension Explanation {
    init(_ error: InvocationError) {
        switch error {
        case .missingValue(let usage): self.init("`\(usage)` needs its value")
        case .invalidColour(let word):
            self.init(
                "`--color \(word)` is neither `auto`, `always` nor `never`",
                hint: "leave it out, or choose one of the three"
            )
        case .notUTF8(let position): self.init("argument \(position) is not UTF-8")
        case .verboseAndQuiet:
            self.init(
                "`--verbose` and `--quiet` exclude each other",
                hint:
                    "CARGO_TERM_VERBOSE and CARGO_TERM_QUIET count as well, where neither is given"
            )
        case .invalidVariable(let name, let value, let expected):
            self.init("\(name) is `\(value)`", hint: "set it to \(expected), or unset it")
        }
    }

    init(_ error: WorkspaceError) {
        switch error {
        case .noSuchManifest(let path):
            self.init(
                "there is no manifest at `\(path)`",
                hint: "name the `Cargo.toml` itself with `--manifest-path <PATH>`"
            )
        case .noManifest(let start):
            self.init(
                "could not find `Cargo.toml` in `\(start)` or any parent directory",
                hint: "change into the project, or name it with `--manifest-path <PATH>`"
            )
        case .noWorkspace(let path, let package):
            self.init(
                "`\(package)` names a workspace whose root would be `\(path)`, which is none",
                hint: "correct `package.workspace`"
            )
        case .unsafeTargetDirectory(let path):
            self.init(
                "`\(path)` cannot be the target directory: a build may write all of it, and it is "
                    + "not cargo's alone",
                hint: "name a directory of its own with `--target-dir <DIRECTORY>`"
            )
        case .unreadable(let error): self.init(error)
        case .syntax(let path, let error):
            self.init("\(path):\(error.line):\(error.column): \(error.reason)")
        // Cargo has said why.
        case .metadataFailed(let status): self.init("", status: status)
        case .metadataUnreadable(let reason):
            self.init("`cargo metadata` wrote something that is no description: \(reason)")
        case .noCargoHome:
            self.init(
                "there is no place for cargo's registry: this user has no home directory",
                hint: "set CARGO_HOME to a directory that you may write"
            )
        case .cannotCreate(let path, let errno):
            self.init(
                "cannot create `\(path)`: \(errno)",
                hint: "give yourself the right to write there, or choose another place with "
                    + "`--target-dir` or CARGO_HOME"
            )
        case .noLockFile(let path, .fileExists):
            self.init(
                "`\(path)` is not a regular file",
                hint: "remove it; cargo makes another"
            )
        case .noLockFile(let path, let errno):
            self.init(
                "there is no `\(path)`, and it cannot be created: \(errno)",
                hint: "give yourself the right to write there, or make it before with "
                    + "`cargo generate-lockfile`"
            )
        }
    }

    init(_ error: CautionError) {
        switch error {
        case .warned:
            self.init(
                "nothing was built, because in CI a warning is an error",
                hint: "mend what the warning is about, or set CROSS_NO_WARNINGS=0"
            )
        }
    }

    init(_ error: TargetError) {
        switch error {
        case .invalid(let text):
            self.init(
                "`\(text)` is neither a target triple nor a target specification",
                hint: "`rustc --print target-list` shows the triples"
            )
        case .noImage(let target):
            self.init(
                "there is no image for the target `\(target.triple)`",
                hint: (target.needsForeignKit
                    ? "its compiler's maker allows nobody to publish one; "
                        + "github.com/cross-rs/cross-toolchains tells how to build your own.\n"
                    : "")
                    + Self.meant(target)
                    + "`cross-util targets` lists those that there is one for. Or name one in Cross.toml:\n"
                    + "[target.\(target.triple)]\nimage = \"registry/name:tag\""
            )
        case .noRecipe(let target, let reason):
            self.init(
                "no Debian packages make a root filesystem for `\(target.triple)`"
                    + (reason.map { ": \($0)" } ?? ""),
                hint: Self.meant(target)
                    + "`cross-util targets` lists the targets and what there is for each; "
                    + "without `rootfs = \"debian\"` the target's image is used"
            )
        case .noEmulator(let target, let rootfs, let program):
            self.init(
                "\(rootfs) has no `\(program)` to run programs for \(target.triple)",
                hint: "use an image that has it, or set the runner to `native` if this machine "
                    + "runs them by itself"
            )
        case .noMachine(let target):
            let others = Emulator(for: target) == nil ? "" : ", or set it to `qemu-user`"
            self.init(
                "the distribution has no kernel that an emulated machine for \(target.triple) could "
                    + "boot, as the runner `qemu-system` has it",
                hint: "leave `runner` out\(others); `qemu-system` also works with an image that "
                    + "has `/linux-runner`"
            )
        case .notNative(let target):
            self.init(
                "programs for \(target.triple) do not run on this machine without an emulator, as the "
                    + "runner `native` has it",
                hint: "leave `runner` out, or set it to `qemu-user`"
            )
        }
    }

    /// A line with the target that somebody meant who misspelt it.
    private static func meant(_ target: Target) -> String {
        ManifestLibrary.nearest(to: target).map { "did you mean `\($0)`?\n" } ?? ""
    }

    init(_ error: AbsenceError) {
        switch error {
        case .noVolume:
            self.init(
                "there is no volume: no container engine is run, here or on another machine",
                hint: "leave the command out; builds work on this machine's own files"
            )
        }
    }
}
