// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/cross_toml.md, and cargo's `build.target`.

import SystemPackage

/// What the code is built for: a triple that rustc knows, or a target specification of the user's.
struct Target: Equatable {
    /// The triple, also where the user named a `.json` file.
    let triple: String
    /// As it is handed to cargo.
    let argument: String

    /// The target of a name as the user typed it.
    ///
    /// - Throws: `TargetError.invalid`, where it is neither a triple nor a `.json` file's path.
    init(_ argument: String) throws(TargetError) {
        let name = FilePath(argument).lastComponent
        let triple = name?.extension == "json" ? name?.stem : argument
        guard let triple, !triple.isEmpty, triple.utf8.allSatisfy(Self.isPartOfTriple) else {
            throw .invalid(argument)
        }
        self.triple = triple
        self.argument = argument
    }

    /// The target of an invocation: command line, environment, configuration, and last the host.
    init(_ invocation: Invocation, _ configuration: Configuration) throws(TargetError) {
        try self.init(invocation.target ?? configuration.defaultTarget ?? Self.host)
    }

    /// The name goes into variables, paths and image references.
    private static func isPartOfTriple(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    #if arch(arm64)
    static let host = "aarch64-unknown-linux-gnu"
    #elseif arch(x86_64)
    static let host = "x86_64-unknown-linux-gnu"
    #endif

    /// The first part of the triple, such as `armv7`.
    var architecture: String {
        triple.split(separator: "-", maxSplits: 1).first.map(String.init) ?? triple
    }

    /// Whether programs make the system calls of 32-bit x86.
    var isI386: Bool { isLinux && ["i386", "i586", "i686"].contains(architecture) }

    /// Whether programs are ELF files for a Linux kernel.
    var isLinux: Bool { triple.utf8.split(separator: UInt8(ascii: "-")).contains(Self.linux) }

    private static let linux = Array("linux".utf8)[...]

    /// Whether it takes more than rustc's own linker and libraries to build for it.
    ///
    /// The host's cargo does for the others, WebAssembly among them, as in cross-rs.
    var needsRootfs: Bool {
        if argument != triple { return true }
        let needy = [
            "linux", "android", "bsd", "dragonfly", "solaris", "illumos", "windows", "emscripten",
            "apple",
        ]
        return needy.contains { triple.contains($0) }
            || ["-none", "-none-elf", "-none-eabi", "-none-eabihf"].contains {
                triple.hasSuffix($0)
            }
    }

    /// Whether its libraries may not be given away: Apple's and Microsoft's.
    var needsForeignKit: Bool { triple.contains("apple") || triple.hasSuffix("-msvc") }

    /// The middle of `CARGO_TARGET_…_RUNNER`.
    var cargoVariable: String {
        String(triple.uppercased().map { "-.".contains($0) ? "_" : $0 })
    }
}

/// What is wrong with a target.
enum TargetError: Error, Equatable {
    case invalid(String)
    case noImage(Target)
    /// Debian packages cannot make a root filesystem for it, and the reason where one is known.
    case noRecipe(Target, String?)
    case noEmulator(Target, rootfs: String, program: String)
    /// The user wants programs to run on an emulated machine, and no kernel for it is packaged.
    case noMachine(Target)
    /// The user wants programs to run without an emulator, and this machine's processor cannot.
    case notNative(Target)
}
