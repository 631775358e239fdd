// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Where and for whom the program runs; read once, passed down.
struct Host {
    let environment: [String: String]
    var workingDirectory: FilePath
    let userName: String?
    let home: FilePath?
    /// The names of variables that are not UTF-8: nothing is to be done with their values.
    var foreignVariables: Set<String> = []

    /// Reads the process's own surroundings.
    ///
    /// - Throws: `HostError`.
    static func current() throws(HostError) -> Host {
        guard getuid() == geteuid(), getgid() == getegid() else { throw .setuid }
        let own = ProcessEnvironment.current()
        if let name = own.foreign.filter(isRead).min() { throw .notUTF8(variable: name) }
        var environment = own.variables
        let user = PasswordEntry.ofCaller()
        let named = environment["HOME"].map { FilePath($0) }
        let home = named?.isAbsolute ?? false ? named : user?.home
        environment["HOME"] = home?.string
        return Host(
            environment: environment,
            workingDirectory: try currentDirectory(),
            userName: user?.name ?? environment["USER"],
            home: home,
            foreignVariables: own.foreign
        )
    }

    /// Whether this program itself goes by a variable.
    private static func isRead(_ name: String) -> Bool {
        name == "HOME" || ["CARGO_", "CROSS_", "RUSTUP_", "XDG_"].contains(where: name.hasPrefix)
    }

    /// The same host, seen from another directory, as `cargo -C` means it.
    func standing(in directory: String?) -> Host {
        guard let directory else { return self }
        var other = self
        other.workingDirectory = absolute(FilePath(directory))
        return other
    }

    /// The kernel's name for the directory, as cargo takes it.
    private static func currentDirectory() throws(HostError) -> FilePath {
        guard let name = unsafe getcwd(nil, 0) else { throw .noWorkingDirectory(errno) }
        defer { unsafe free(name) }
        return unsafe FilePath(platformString: name)
    }

    /// Whether something that is only a warning for a person must stop a run: in CI.
    var takesWarningsForErrors: Bool {
        if let choice = environment["CROSS_NO_WARNINGS"] { return Truth(choice).value }
        return ContinuousIntegration.isPresent(in: environment)
    }

    /// `$CARGO_HOME`, else `~/.cargo`; absolute.
    var cargoHome: FilePath? {
        if let path = environment["CARGO_HOME"], !path.isEmpty { return absolute(FilePath(path)) }
        return home?.appending(".cargo")
    }

    /// Where what can be made again is kept: `cross` below `$XDG_CACHE_HOME`, else below `~/.cache`.
    var cacheDirectory: FilePath? {
        let cache = environment["XDG_CACHE_HOME"].flatMap { path in
            path.utf8.first == UInt8(ascii: "/") ? FilePath(path) : nil
        }
        return (cache ?? home?.appending(".cache"))?.appending("cross")
    }

    /// The variables whose `NAME=VALUE` begins with one of the given texts, sorted.
    func variables(startingWith beginnings: [String]) -> [String] {
        environment.map { "\($0)=\($1)" }
            .filter { variable in beginnings.contains { variable.hasPrefix($0) } }
            .sorted()
    }

    /// Completes a path as the shell's user means it.
    func absolute(_ path: FilePath) -> FilePath {
        workingDirectory.pushing(path).lexicallyNormalized()
    }

    /// Where the host's own program of that name is.
    ///
    /// - Parameter name: without a slash, or a path.
    /// - Returns: `nil` where no directory of `PATH` has an executable file of that name.
    func program(_ name: String) -> FilePath? {
        if name.utf8.contains(UInt8(ascii: "/")) { return absolute(FilePath(name)) }
        return environment["PATH", default: ""]
            .split(separator: ":")
            .map { absolute(FilePath(String($0))).appending(name) }
            .first(where: \.isExecutableFile)
    }
}

/// What the program cannot do without.
enum HostError: Error, Equatable {
    case noWorkingDirectory(CInt)
    /// The program is installed to run as somebody else than its caller, and must not be.
    case setuid
    /// A variable by which the program goes is not UTF-8.
    case notUTF8(variable: String)
}
