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
        case .verboseAndQuiet: self.init("`--verbose` and `--quiet` exclude each other")
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
        }
    }

    init(_ error: ConfigurationError) {
        switch error {
        case .noSuchFile(let path):
            self.init(
                "there is no `\(path)`, which CROSS_CONFIG names",
                hint: "correct CROSS_CONFIG, or unset it to use the project's Cross.toml"
            )
        case .unreadable(let error): self.init(error)
        case .syntax(let path, let error):
            self.init("\(path):\(error.line):\(error.column): \(error.reason)")
        case .wrongType(let path, let key, let expected):
            self.init("\(path): `\(key)` must be \(expected)")
        case .unsupported(let path, let key):
            self.init(
                "\(path): `\(key)` is not supported yet",
                hint: "build the image with another program, push it to a registry, and name it as "
                    + "the target's `image`"
            )
        case .invalidImage(let text, let reason):
            self.init(
                "`\(text)` is no image reference: \(Self.words(reason))",
                hint: "write it as `registry/name:tag`, such as "
                    + "`ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main`"
            )
        case .invalidRunner(let name):
            self.init(
                "there is no runner `\(name)`",
                hint: "choose `native`, `qemu-user` or `qemu-system`"
            )
        case .invalidRootfs(let name):
            self.init(
                "a root filesystem cannot be made from `\(name)`",
                hint: "set `rootfs` to `image` or `debian`"
            )
        case .packagesInImage:
            self.init(
                "`packages` are for a root filesystem made from packages, but `rootfs` is `image`",
                hint: "set `rootfs` to `debian`, or take out `packages`"
            )
        case .invalidVariable(let entry):
            self.init(
                "`\(entry)` is no variable that can be passed in",
                hint: "write `NAME` or `NAME=VALUE`; the runner is set with the key `runner`"
            )
        case .noSuchVolume(let path):
            self.init(
                "there is nothing at `\(path)`, which `env.volumes` names",
                hint: "create it, or take it out of `env.volumes`"
            )
        }
    }

    private static func words(_ error: ImageReferenceError) -> String {
        switch error {
        case .invalidRegistry(let text): "`\(text)` is no registry"
        case .invalidRepository(let text): "`\(text)` is no repository"
        case .invalidTag(let text): "`\(text)` is no tag"
        case .invalidDigest(let text): "`\(text)` is no SHA-256 digest"
        case .tooLong: "it is longer than 255 bytes"
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
                hint: "name one in Cross.toml:\n"
                    + "[target.\(target.triple)]\nimage = \"registry/name:tag\""
            )
        case .noRecipe(let target, let reason):
            self.init(
                "no Debian packages make a root filesystem for `\(target.triple)`"
                    + (reason.map { ": \($0)" } ?? ""),
                hint: "leave out `rootfs = \"debian\"` to use the target's image"
            )
        case .noEmulator(let target, let rootfs, let program):
            self.init(
                "\(rootfs) has no `\(program)` to run programs for \(target.triple)",
                hint: "use an image that has it, or set the runner to `native` if this machine "
                    + "runs them by itself"
            )
        }
    }
}
