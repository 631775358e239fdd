// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's mounts, row by row.

import Sandbox
import SystemPackage
import Testing

@testable import cross

@Suite struct EntryMountTests: ~Copyable {
    private let fixture: EntryFixture

    init() throws {
        let fixture = try EntryFixture()
        self.fixture = fixture
    }

    private func bind(
        _ path: FilePath,
        _ access: Mount.Access,
        missing: Mount.Missing = .fail
    ) -> Mount.Kind { .bind(path, access, missing: missing) }

    @Test func cargoHomeIsEmptyButForWhatBuildsNeed() throws {
        let spec = try fixture.spec()
        let cargo = fixture.home.appending(".cargo")
        #expect(spec.mount(cargo) == .temporary(mode: 0o755))
        for name in ["registry", "git"] {
            #expect(spec.mount(cargo.appending(name)) == .overlay(lower: cargo.appending(name)))
        }
        let lock = cargo.appending(".package-cache")
        #expect(spec.mount(lock) == bind(lock, .readWrite))
        let configuration = cargo.appending("config.toml")
        #expect(spec.mount(configuration) == bind(configuration, .readOnly, missing: .skip))
        #expect(spec.variable("CARGO_HOME") == cargo.string)
    }

    @Test func cargosBinIsMasked() throws {
        try fixture.directory.write("home/.cargo/bin/cargo-x", "")
        try fixture.directory.write("home/.cargo/credentials.toml", "")
        let spec = try fixture.spec()
        for name in ["bin", "credentials.toml"] {
            #expect(spec.mount(fixture.home.appending(".cargo").appending(name)) == nil)
        }
    }

    @Test func theProjectIsAtItsOwnPathReadOnly() throws {
        #expect(try fixture.spec().mount(fixture.project) == bind(fixture.project, .readOnly))
    }

    @Test func whatMayBeDoneWithTheProjectIsConfigured() throws {
        let expected: [String: Mount.Kind] = [
            "read-only": bind(fixture.project, .readOnly),
            "discard": .overlay(lower: fixture.project),
            "writable": bind(fixture.project, .readWrite),
        ]
        for (name, kind) in expected {
            let spec = try fixture.spec(toml: "[build]\nproject = \"\(name)\"")
            #expect(spec.mount(fixture.project) == kind)
        }
        #expect(throws: ConfigurationError.invalidProjectAccess("all")) {
            try fixture.spec(toml: "[build]\nproject = \"all\"")
        }
    }

    @Test func whatIsRefusedOtherwiseIsAllowedOnRequest() throws {
        #expect(try fixture.spec().allowances == [])
        let toml = "[build]\nallow = [\"ptrace\", \"user-namespaces\"]"
        #expect(try fixture.spec(toml: toml).allowances == [.ptrace, .userNamespaces])
        #expect(throws: ConfigurationError.invalidAllowance("everything")) {
            try fixture.spec(toml: "[build]\nallow = [\"everything\"]")
        }
    }

    @Test func theWorkingDirectoryIsTheProjectWhereItIsAbove() throws {
        try fixture.directory.write("home/above/p/Cargo.toml", "[package]\nname = \"p\"")
        let above = fixture.home.appending("above")
        let manifest = above.pushing("p/Cargo.toml")
        let root = WorkspaceRoot(package: manifest, manifest: manifest)
        func directory(_ here: FilePath) -> FilePath {
            root.projectDirectory(
                Host(environment: [:], workingDirectory: here, userName: nil, home: fixture.home)
            )
        }
        #expect(directory(above) == above)
        #expect(directory(above.appending("p")) == above.appending("p"))
        #expect(directory(above.pushing("p/src")) == above.appending("p"))
        #expect(directory(fixture.home) == above.appending("p"))
        #expect(directory("/") == above.appending("p"))
    }

    @Test(arguments: [".", "src", "crates/member"])
    func aPlaceInTheProjectIsNotHidden(place: String) throws {
        try fixture.directory.write("home/project/\(place)/file", "")
        let here = fixture.project.pushing(FilePath(place)).lexicallyNormalized()
        let spec = try fixture.spec(standingIn: here)
        #expect(spec.workingDirectory == here)
        #expect(spec.mount(here) == (place == "." ? bind(here, .readOnly) : nil))
    }

    @Test func aPlaceBesideTheProjectIsThereAndEmpty() throws {
        let here = fixture.home.appending("elsewhere")
        let spec = try fixture.spec(standingIn: here)
        #expect(spec.mount(here) == .temporary(mode: 0o755))
    }

    @Test func theToolchainIsAtItsOwnPathReadOnly() throws {
        let spec = try fixture.spec()
        #expect(spec.mount(fixture.toolchain) == bind(fixture.toolchain, .readOnly))
        #expect(spec.variable("CROSS_RUST_SYSROOT") == fixture.toolchain.string)
    }

    @Test func theTargetDirectoryIsThereTwiceAndWritable() throws {
        let spec = try fixture.spec()
        let target = fixture.project.appending("target")
        #expect(spec.mount("/target") == bind(target, .readWrite))
        #expect(spec.mount(target) == bind(target, .readWrite))
        #expect(spec.variable("CARGO_TARGET_DIR") == "/target")
        #expect(target.appending("CACHEDIR.TAG").isRegularFile)
    }

    @Test func theOptionNamesAnotherTargetDirectory() throws {
        let spec = try fixture.spec(["build", "--target-dir", "../out"])
        let target = fixture.home.appending("out")
        #expect(spec.mount("/target") == bind(target, .readWrite))
        #expect(spec.arguments.contains("/target"))
    }

    @Test func aLinkedTargetDirectoryLeadsToTheRealOne() throws {
        try fixture.directory.write("home/elsewhere/CACHEDIR.TAG", "")
        let elsewhere = fixture.home.appending("elsewhere")
        try fixture.directory.link("home/project/target", to: elsewhere)
        let spec = try fixture.spec()
        #expect(spec.mount("/target") == bind(elsewhere, .readWrite))
        #expect(spec.mount(elsewhere) == bind(elsewhere, .readWrite))
    }

    @Test func theBuildDirectoryIsWritable() throws {
        let build = fixture.project.appending("build")
        let spec = try fixture.spec(buildDirectory: build)
        #expect(spec.mount(build) == bind(build, .readWrite))
        #expect(build.appending("CACHEDIR.TAG").isRegularFile)
    }

    @Test(arguments: [
        ("[\"DATA=../data\"]", [:]), ("[\"DATA\"]", ["DATA": "../data"]),
        ("[\"DATA\", \"UNSET\"]", ["DATA": "../data"]),
    ])
    func volumesAreWritableAndTheirVariablesTellWhere(
        entries: String,
        variables: [String: String]
    ) throws {
        try fixture.directory.write("home/data/x", "")
        let toml = "[build.env]\nvolumes = \(entries)"
        let spec = try fixture.spec(toml: toml, variables: variables)
        let data = fixture.home.appending("data")
        #expect(spec.mount(data) == bind(data, .readWrite))
        #expect(spec.variable("DATA") == data.string)
        #expect(spec.variable("UNSET") == nil)
    }

    @Test func aLinkedVolumeHasTheNameThatTheUserGaveIt() throws {
        try fixture.directory.write("home/data/x", "")
        try fixture.directory.link("home/link", to: fixture.home.appending("data"))
        let spec = try fixture.spec(toml: "[build.env]\nvolumes = [\"DATA=../link\"]")
        let link = fixture.home.appending("link")
        #expect(spec.mount(link) == bind(fixture.home.appending("data"), .readWrite))
    }

    @Test func aPathDependencyIsThereWithItsWorkspace() throws {
        try fixture.directory.write("home/lib/Cargo.toml", "[workspace]\nmembers = [\"a\"]")
        try fixture.directory.write("home/lib/a/Cargo.toml", "[package]\nname = \"a\"")
        let library = fixture.home.appending("lib")
        let spec = try fixture.spec(packages: [library.appending("a")])
        #expect(spec.mount(library) == bind(library, .readOnly))
    }

    @Test(arguments: ["NIX_STORE_DIR", "NIX_STORE"])
    func theNixStoreIsReadOnly(variable: String) throws {
        try fixture.directory.write("nix/x", "")
        let store = fixture.directory.path.appending("nix")
        let spec = try fixture.spec(variables: [variable: store.string])
        #expect(spec.mount(store) == bind(store, .readOnly))
    }

    @Test func nothingElseOfTheHomeIsThere() throws {
        try fixture.directory.write("home/.gitconfig", "")
        try fixture.directory.write("home/.ssh/id", "")
        let spec = try fixture.spec(variables: ["SSH_AUTH_SOCK": "/run/agent"])
        #expect(spec.mount(fixture.home) == .temporary(mode: 0o755))
        for name in [".gitconfig", ".git-credentials", ".ssh", ".ssh/known_hosts"] {
            #expect(spec.mount(fixture.home.pushing(FilePath(name))) == nil)
        }
        #expect(spec.mount("/run/agent") == nil)
        #expect(spec.variable("SSH_AUTH_SOCK") == nil)
    }

    @Test func credentialsAreThereOnRequestReadOnly() throws {
        let spec = try fixture.spec(
            toml: "[build]\ncredentials = [\"ssh-agent\", \"git\", \"cargo\"]",
            variables: ["SSH_AUTH_SOCK": "/run/agent", "CARGO_REGISTRY_TOKEN": "t"]
        )
        for path in [
            "/run/agent", fixture.home.pushing(".ssh/known_hosts"),
            fixture.home.appending(".gitconfig"), fixture.home.appending(".git-credentials"),
            fixture.home.pushing(".config/git"), fixture.home.pushing(".cargo/credentials.toml"),
        ] as [FilePath] {
            #expect(spec.mount(path) == bind(path, .readOnly, missing: .skip))
        }
        #expect(spec.variable("SSH_AUTH_SOCK") == "/run/agent")
        #expect(spec.variable("CARGO_REGISTRY_TOKEN") == "t")
        let one = try fixture.spec(variables: [
            "CROSS_BUILD_CREDENTIALS": "git", "CARGO_REGISTRY_TOKEN": "t",
        ])
        #expect(one.variable("CARGO_REGISTRY_TOKEN") == nil)
        #expect(throws: ConfigurationError.invalidCredential("gpg")) {
            try fixture.spec(variables: ["CROSS_BUILD_CREDENTIALS": "gpg"])
        }
    }

    @Test func sccacheRunsInsideWithTheUsersCache() throws {
        try fixture.directory.writeProgram("home/bin/sccache")
        let spec = try fixture.spec(
            toml: "[build]\nsccache = true",
            variables: ["PATH": fixture.home.appending("bin").string, "SCCACHE_CACHE_SIZE": "1G"]
        )
        let cache = fixture.home.pushing(".cache/sccache")
        #expect(spec.mount(cache) == bind(cache, .readWrite))
        #expect(
            spec.mount("/usr/local/bin/sccache")
                == bind(fixture.home.pushing("bin/sccache"), .readOnly)
        )
        #expect(spec.variable("RUSTC_WRAPPER") == "/usr/local/bin/sccache")
        #expect(spec.variable("SCCACHE_DIR") == cache.string)
        #expect(spec.variable("SCCACHE_CACHE_SIZE") == "1G")
        #expect(spec.variable("SCCACHE_SERVER_UDS") == "/tmp/sccache.sock")
        #expect(spec.variable("SCCACHE_SERVER_PORT") != nil)
        #expect(throws: ConfigurationError.noCompilerCache) {
            try fixture.spec(toml: "[build]\nsccache = true")
        }
    }

    @Test func withoutNetworkTheResolversFilesAreAbsent() throws {
        #expect(try fixture.spec().mount("/etc/resolv.conf") != nil)
        for arguments in [["build", "--offline"], ["build", "--frozen"]] {
            let spec = try fixture.spec(arguments)
            #expect(spec.network == .none)
            #expect(spec.mount("/etc/resolv.conf") == nil)
        }
    }
}
