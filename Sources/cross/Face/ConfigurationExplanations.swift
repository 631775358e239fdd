// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

extension Explanation {
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
        case .wrongType(let place, let key, let expected):
            self.init("\(place): `\(key)` must be \(expected)")
        case .missingKey(let place, let key): self.init("\(place): `\(key)` is missing")
        case .invalidImage(let text, let reason):
            self.init(
                "`\(text)` is no image reference: \(Self.words(reason))",
                hint: "write it as `registry/name:tag`, such as "
                    + "`ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main`"
            )
        case .invalidToolchain(let text):
            self.init(
                "`\(text)` is neither a platform nor the triple of a toolchain",
                hint: "write entries of `image.toolchain` as `x86_64-unknown-linux-gnu`, or with "
                    + "the image's platform as `linux/arm64=aarch64-unknown-linux-gnu`"
            )
        case .invalidRunner(let name):
            self.init(
                "there is no runner `\(name)`",
                hint: "choose `native`, `qemu-user` or `qemu-system`"
            )
        case .invalidIsolation(let name):
            self.init(
                "there is no isolation `\(name)`",
                hint: "set CROSS_ISOLATION to `namespaces` or `none`, or unset it"
            )
        case .invalidRootfs(let name):
            self.init(
                "a root filesystem cannot be made from `\(name)`",
                hint: "set `rootfs` to `image` or `debian`"
            )
        case .invalidCredential(let name):
            self.init(
                "there are no credentials `\(name)`",
                hint: "choose among `ssh-agent`, `git` and `cargo`"
            )
        case .invalidAllowance(let name):
            self.init(
                "`\(name)` is nothing that a build can be allowed",
                hint: "choose among `ptrace`, `io_uring`, `user-namespaces` and `perf`"
            )
        case .invalidProjectAccess(let name):
            self.init(
                "a build cannot have the project `\(name)`",
                hint: "set `build.project` to `read-only`, `discard` or `writable`"
            )
        case .invalidLimit(let text, let key):
            self.init(
                "`\(key)` cannot be `\(text)`",
                hint: "write a whole number; one of bytes may have K, M, G or T behind it"
            )
        case .noCompilerCache:
            self.init(
                "`build.sccache` is set, and neither the root filesystem nor this machine has sccache",
                hint:
                    "install sccache, best the one that is linked with musl, which runs in any image"
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
        case .notUTF8(let variable): self.init(notUTF8: variable)
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

    init(_ error: ContainerOptionsError) {
        let variable = "CROSS_CONTAINER_OPTS"
        switch error {
        case .unbalanced(let text): self.init("\(variable): a quotation mark in `\(text)` is open")
        case .unsupported(let option):
            self.init(
                "\(variable): `\(option)` is a container engine's option, and none is run",
                hint:
                    "of its options only `--volume`, `--mount`, `--env`, `--env-file`, `--workdir` "
                    + "and `--network` mean something here"
            )
        case .missingValue(let option): self.init("\(variable): `\(option)` needs its value")
        case .invalidValue(let option, let value):
            self.init("\(variable): `\(option)` cannot be `\(value)`")
        case .namedVolume(let name):
            self.init(
                "\(variable): `\(name)` is the name of a container engine's volume",
                hint: "name a directory: `--volume /path/of/yours:/path/inside`"
            )
        case .noSuchFile(let path): self.init("\(variable): there is nothing at `\(path)`")
        case .unreadable(let error): self.init(error)
        }
    }
}
