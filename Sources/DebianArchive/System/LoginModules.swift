// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: pam-auth-update(8); libpam-runtime's templates and profiles.

/// The common part of PAM's configuration, as pam-auth-update makes it of the profile `unix`.
///
/// Other profiles are for people who log in. Without this one, `su` and `runuser`, which some
/// packages' scripts call, refuse to work.
enum LoginModules {
    private static let templates = "usr/share/pam"
    private static let profile = "usr/share/pam-configs/unix"

    /// A file of the configuration, where it comes from, and what the modules are before those of
    /// the profile.
    private static let files: [(name: String, field: String, variable: String, isSession: Bool)] = [
        ("account", "Account-Initial", "account", false),
        ("auth", "Auth-Initial", "auth", false),
        ("password", "Password-Initial", "password", false),
        ("session", "Session-Initial", "session", true),
        ("session-noninteractive", "Session-Initial", "session_nonint", true),
    ]
    private static let permit = "[default=1]\t\t\tpam_permit.so"

    static func apply(to layer: inout SystemLayer) throws(SystemError) {
        guard let profile = try layer.content(profile) else { return }
        for file in files {
            guard let template = try layer.content("\(templates)/common-\(file.name)"),
                let module = module(file.field, of: String(decoding: profile, as: UTF8.self))
            else { continue }
            let type = file.isSession ? "session" : file.name
            // The end is behind the one module there is.
            let line = "\(type)\t\(module.replacing("=end", with: "=1"))"
            let spaced = line.hasSuffix("pam_unix.so") && file.name != "auth" ? line + " " : line
            let primary = file.isSession ? "\(type)\t\(permit)" : spaced
            let text = String(decoding: template, as: UTF8.self)
                .replacing("$\(file.variable)_primary\n", with: primary + "\n")
                .replacing(
                    "$\(file.variable)_additional\n",
                    with: file.isSession ? spaced + "\n" : ""
                )
            layer.write(text, to: "etc/pam.d/common-\(file.name)")
            let first = file.isSession ? "Module: null\n\(permit)\n" : ""
            layer.write("\(first)Module: unix\n\(module)\n", to: "var/lib/pam/\(file.name)")
        }
        let others = layer.names(in: "usr/share/pam-configs").filter { $0 != "unix" }
        layer.write((["unix"] + others).map { "\($0)\n" }.joined(), to: "var/lib/pam/seen")
        if layer.has("etc/security") {
            layer.write("", to: "etc/security/opasswd", mode: 0o600)
        }
    }

    /// The one line of a field of the profile.
    private static func module(_ field: String, of profile: String) -> String? {
        let lines = profile.split(separator: "\n")
        guard let index = lines.firstIndex(of: "\(field):"), index + 1 < lines.count,
            lines[index + 1].first == "\t"
        else { return nil }
        return String(lines[index + 1].dropFirst())
    }
}
