// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sources.list(5); apt.conf(5); apt-mark(8).

/// What apt needs to install more packages of the same suites later.
enum AptState {
    private static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

    static func apply(
        to layer: inout SystemLayer,
        _ configuration: SystemConfiguration
    ) throws(SystemError) {
        let automatic = configuration.installed.filter { !$0.isRequested }.map { package in
            // apt knows packages for any architecture as packages for its own.
            let architecture =
                package.architecture == "all" ? configuration.architecture : package.architecture
            return "Package: \(package.name)\nArchitecture: \(architecture)\nAuto-Installed: 1\n\n"
        }
        layer.write(automatic.joined(), to: "var/lib/apt/extended_states")
        for directory in ["var/lib/apt/lists", "var/cache/apt/archives"] {
            layer.makeDirectory(directory)
            layer.setDirectory("\(directory)/partial", mode: 0o700)
        }
        let sources = configuration.sources.map { source in
            """
            Types: deb
            URIs: \(source.addresses.joined(separator: " "))
            Suites: \(source.suites.joined(separator: " "))
            Components: main
            Signed-By: \(keyring)

            """
        }
        if !sources.isEmpty {
            layer.write(
                sources.joined(separator: "\n"),
                to: "etc/apt/sources.list.d/debian.sources"
            )
        }
        layer.write(settings, to: "etc/apt/apt.conf.d/90cross")
        // invoke-rc.d asks it; nothing is to be started where no init runs.
        layer.write("#!/bin/sh\nexit 101\n", to: "usr/sbin/policy-rc.d", mode: 0o755)
    }

    /// The user `_apt` cannot be had where there is one user ID, and recommended packages and
    /// translations are not what a root filesystem for building is for.
    private static let settings = """
        APT::Sandbox::User "root";
        APT::Install-Recommends "false";
        Acquire::Languages "none";

        """
}
