// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// The attempts to get out, from where hostile code of a dependency runs.
///
/// That is a build script, a proc macro, and a test that the emulator runs. Each attempt is harmless
/// where it succeeds.
@Suite(.serialized) struct IntruderTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        guard let sources = ProcessInfo.processInfo.environment["CROSS_TEST_SOURCES"] else {
            throw NotPrepared(missing: "CROSS_TEST_SOURCES")
        }
        let crate = home.path.appending("hostile")
        for (name, text) in Self.files(image: home.machine.image("cross/aarch64:demo")) {
            let file = crate.pushing(FilePath(name))
            try FileManager.default.createDirectory(
                atPath: file.removingLastComponent().string,
                withIntermediateDirectories: true
            )
            try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        }
        try FileManager.default.copyItem(
            atPath: "\(sources)/Tests/SandboxTests/Intruder/main.c",
            toPath: crate.appending("attempts/intruder.c").string
        )
        try home.give(crate)
        self.home = home
        self.crate = crate
    }

    private static func files(image: String) -> [(String, String)] {
        [
            ("Cross.toml", "[target.\(triple)]\nimage = \"\(image)\"\n"),
            (
                "Cargo.toml",
                """
                [package]
                name = "hostile"
                version = "0.1.0"
                edition = "2021"

                [dependencies]
                attempts = { path = "attempts" }
                """
            ),
            (
                "src/lib.rs",
                """
                pub const EMULATED: &str = attempts::attempt!();

                #[test]
                fn emulated() {
                    let said = std::process::Command::new(EMULATED).output().unwrap();
                    std::fs::write("/target/emulated", said.stdout).unwrap();
                }
                """
            ),
            (
                "attempts/Cargo.toml",
                """
                [package]
                name = "attempts"
                version = "0.1.0"
                edition = "2021"

                [lib]
                proc-macro = true
                """
            ),
            (
                "attempts/build.rs",
                """
                use std::{env, fs, path::PathBuf, process::Command};

                fn main() {
                    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
                    for (compiler, name) in [("gcc", "native"), ("aarch64-linux-gnu-gcc", "emulated")] {
                        let program = out.join(name);
                        let words = ["-static", "intruder.c", "-o"];
                        let status = Command::new(compiler).args(words).arg(program).status();
                        assert!(status.unwrap().success());
                    }
                    let said = Command::new(out.join("native")).output().unwrap();
                    fs::write("/target/build-script", said.stdout).unwrap();
                }
                """
            ),
            (
                "attempts/src/lib.rs",
                """
                use proc_macro::TokenStream;

                #[proc_macro]
                pub fn attempt(_: TokenStream) -> TokenStream {
                    let own = concat!(env!("OUT_DIR"), "/native");
                    let said = std::process::Command::new(own).output().unwrap();
                    std::fs::write("/target/proc-macro", said.stdout).unwrap();
                    format!("{:?}", concat!(env!("OUT_DIR"), "/emulated")).parse().unwrap()
                }
                """
            ),
        ]
    }

    /// Those that need no address, so that the emulator hands them on to the kernel.
    private static let refused = """
        umount2 remount setns keyctl userfaultfd chroot kcmp pidfd_getfd unshare-user unshare-mount \
        unshare-pid unshare-net unshare-ipc unshare-uts unshare-cgroup clone-user clone-mount \
        clone-pid clone-net tiocsti tiocsti-high tioclinux tioclinux-high personality-exec \
        personality-layout ptrace-1 ptrace-self setgroups socket-raw socket-alg socket-alg-high \
        socket-vsock socket-packet socket-bluetooth socket-audit ambient mknod uid-map environ-1 \
        memory-1 exe-1 exe-link-1 root-1 oom-lower set-mm loop-device fuse kvm setuid-other \
        new-privileges unheard-of open_tree_attr listmount mount move_mount fsopen fsmount bpf
        """.split(separator: " ").map(String.init)

    @Test func nothingIsReachedFromABuildScriptAProcMacroOrAnEmulatedTest() async throws {
        let outcome = try await home.run(
            [home.machine.program("cross"), "test", "--target", Self.triple, "--lib"],
            in: crate,
            environment: [
                "CROSS_STORE": try SharedStore.path().string, "CANARY": "outside",
            ]
        )
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        for place in ["build-script", "proc-macro", "emulated"] {
            let file = crate.appending("target").appending(place)
            let text = try String(contentsOfFile: file.string, encoding: .utf8)
            let pairs = text.split(separator: "\n").map {
                $0.split(separator: " ").map(String.init)
            }
            let results = Dictionary(pairs.map { ($0[0], $0.last ?? "") }) { _, last in last }
            for name in Self.refused {
                let result = try #require(results[name], "\(place): \(name) was not tried")
                #expect(result != "done", "\(place): \(name)")
            }
            #expect(results["canary"] == "absent", "\(place)")
        }
    }
}
