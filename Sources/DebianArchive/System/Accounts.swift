// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: base-passwd; shadowconfig(8); Debian Policy 9.2.2; passwd(5), shadow(5), gshadow(5).

/// Users and groups: those of every Debian system, and those that some packages make.
enum Accounts {
    /// A user that a package makes, with a group of its own.
    private struct SystemUser {
        let package: String
        let name: String
        let home: String
        let comment: String
    }

    /// What packages of toolchains bring along now and then.
    ///
    /// Policy 9.2.2: their numbers are given out from 100 up, first come, first served.
    private static let systemUsers = [
        SystemUser(package: "dbus", name: "messagebus", home: "/nonexistent", comment: ""),
        SystemUser(
            package: "systemd",
            name: "systemd-network",
            home: "/",
            comment: "systemd Network Management"
        ),
        SystemUser(
            package: "systemd-timesyncd",
            name: "systemd-timesync",
            home: "/",
            comment: "systemd Time Synchronization"
        ),
        SystemUser(package: "openssh-server", name: "sshd", home: "/run/sshd", comment: ""),
        SystemUser(package: "polkitd", name: "polkitd", home: "/", comment: "User for polkitd"),
    ]

    private static let masters = "usr/share/base-passwd"

    /// Writes the files of users and groups; `packages` are the names of those that dpkg knows.
    static func apply(
        to layer: inout SystemLayer,
        packages: Set<String>,
        date: Int64
    ) throws(SystemError) {
        guard var users = try lines("\(masters)/passwd.master", of: layer) else {
            throw .file("/\(masters)/passwd.master", .missing)
        }
        guard var groups = try lines("\(masters)/group.master", of: layer) else {
            throw .file("/\(masters)/group.master", .missing)
        }
        var number = 100
        for user in systemUsers where packages.contains(user.package) {
            // The group 100 is that of users.
            groups.append("\(user.name):*:\(number + 1):")
            users.append(
                "\(user.name):*:\(number):\(number + 1):\(user.comment):\(user.home)"
                    + ":/usr/sbin/nologin"
            )
            number += 1
        }
        let hasShadow = layer.has("usr/sbin/shadowconfig")
        if hasShadow {
            let names = users.compactMap { $0.split(separator: ":").first }
            let groupNames = groups.compactMap { $0.split(separator: ":").first }
            layer.write(
                names.map { "\($0):*:\(date / 86400):0:99999:7:::\n" }.joined(),
                to: "etc/shadow",
                mode: 0o640
            )
            layer.write(
                groupNames.map { "\($0):*::\n" }.joined(),
                to: "etc/gshadow",
                mode: 0o640
            )
        }
        layer.write(
            users.map { (hasShadow ? shadowed($0, "x") : $0) + "\n" }.joined(),
            to: "etc/passwd"
        )
        layer.write(
            groups.map { (hasShadow ? shadowed($0, "x") : $0) + "\n" }.joined(),
            to: "etc/group"
        )
    }

    /// The line with another password.
    private static func shadowed(_ line: String, _ password: String) -> String {
        var fields = line.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count > 1 else { return line }
        fields[1] = password[...]
        return fields.joined(separator: ":")
    }

    private static func lines(
        _ path: String,
        of layer: SystemLayer
    ) throws(SystemError) -> [String]? {
        try layer.content(path).map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: "\n").map { String($0) }
    }
}
