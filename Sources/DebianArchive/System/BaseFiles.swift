// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the postinst scripts of base-files, libc-bin, readline-common, login and python3-minimal.

/// Links, directories and copies of defaults that the base system's packages make when configured.
enum BaseFiles {
    /// Directories that base-files makes; the mail directory is its group's.
    private static let directories: [(path: String, mode: UInt32)] = [
        ("mnt", 0o755), ("srv", 0o755), ("opt", 0o755), ("media", 0o755), ("etc/opt", 0o755),
        ("var/opt", 0o755), ("var/mail", 0o2775), ("run/lock", 0o1777), ("usr/local", 0o755),
        ("usr/local/share", 0o755), ("usr/local/share/man", 0o755), ("usr/local/bin", 0o755),
        ("usr/local/games", 0o755), ("usr/local/lib", 0o755), ("usr/local/include", 0o755),
        ("usr/local/sbin", 0o755), ("usr/local/src", 0o755), ("usr/local/etc", 0o755),
    ]

    /// Files that are copies unless there is one.
    private static let copies: [(source: String, path: String)] = [
        ("usr/share/base-files/dot.profile", "root/.profile"),
        ("usr/share/base-files/dot.bashrc", "root/.bashrc"),
        ("usr/share/base-files/profile", "etc/profile"),
        ("usr/share/base-files/motd", "etc/motd"),
        ("usr/share/base-files/info.dir", "usr/share/info/dir"),
        ("usr/share/libc-bin/nsswitch.conf", "etc/nsswitch.conf"),
        ("usr/share/readline/inputrc", "etc/inputrc"),
    ]

    /// Directories of the root which are links in every merged tree.
    private static let alwaysMerged = ["bin", "sbin", "lib"]
    /// Those that are links where an architecture uses them.
    private static let sometimesMerged = ["lib32", "lib64", "libx32", "libo32"]

    static func apply(to layer: inout SystemLayer) throws(SystemError) {
        for name in alwaysMerged where !layer.has(name) { layer.link(name, to: "usr/\(name)") }
        for name in sometimesMerged where !layer.has(name) && layer.has("usr/\(name)") {
            layer.link(name, to: "usr/\(name)")
        }
        for (path, mode) in directories { layer.makeDirectory(path, mode: mode) }
        for (source, path) in copies { try layer.copy(source, to: path) }
        // Only later releases of base-files have it.
        if try script("base-files", of: layer).contains(" /usr/local/libexec") {
            layer.makeDirectory("usr/local/libexec")
        }
        // Packages have directories there, which base-files replaces.
        layer.link("var/run", to: "/run")
        layer.link("var/lock", to: "/run/lock")
        if !layer.has("usr/local/man") { layer.link("usr/local/man", to: "share/man") }
        if !layer.has("var/spool/mail") { layer.link("var/spool/mail", to: "../mail") }
        if layer.has("etc/dpkg/origins/debian"), !layer.has("etc/dpkg/origins/default") {
            layer.link("etc/dpkg/origins/default", to: "debian")
        }
        for name in ["etc/subuid", "etc/subgid", "etc/environment"] where !layer.has(name) {
            layer.write("", to: name)
        }
        // Programs that record logins complain where these are missing.
        for (name, mode) in [("wtmp", 0o664), ("btmp", 0o660), ("lastlog", 0o664)] as [(_, UInt32)]
        {
            layer.write("", to: "var/log/\(name)", mode: mode)
        }
        if layer.has("usr/bin/faillog") { layer.write("", to: "var/log/faillog") }
        if layer.has("usr/share/zoneinfo/Etc/UTC"), !layer.has("etc/localtime") {
            layer.link("etc/localtime", to: "/usr/share/zoneinfo/Etc/UTC")
        }
        try python(&layer)
    }

    private static func script(
        _ package: String,
        of layer: SystemLayer
    ) throws(SystemError) -> String {
        let content = try layer.content("var/lib/dpkg/info/\(package).postinst")
        return String(decoding: content ?? [], as: UTF8.self)
    }

    /// Where Debian's Python looks for what an administrator installs, and how it byte-compiles.
    private static func python(_ layer: inout SystemLayer) throws(SystemError) {
        let versions = layer.names(in: "usr/lib").filter { $0.hasPrefix("python3.") }
        for version in versions where layer.has("usr/bin/\(version)") {
            layer.makeDirectory("usr/local/lib/\(version)")
            layer.makeDirectory("usr/local/lib/\(version)/dist-packages")
            layer.write("", to: "var/lib/python/\(version)_installed")
        }
        if layer.has("usr/bin/py3compile"), !layer.has("etc/python3/debian_config") {
            layer.write(
                """
                [DEFAULT]
                # how to byte-compile (comma separated: standard, optimize)
                byte-compile = standard

                """,
                to: "etc/python3/debian_config"
            )
        }
    }
}
