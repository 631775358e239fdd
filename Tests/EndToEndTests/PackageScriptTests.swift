// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What packages do to a system while they are installed, by a user with one id and without privileges.
@Suite(.serialized) struct PackageScriptTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try home.crate(image: "localhost/never:asked")
        self.home = home
    }

    private func write(_ name: String, _ text: String) throws {
        try home.write(text, to: crate.appending(name))
    }

    /// Makes packages and an archive of them, and installs them from there as any user would.
    private static let script = #"""
        set -eu

        # package NAME ARCHITECTURE: what is in /build/NAME, into the archive.
        package() {
            printf '%s\n' "Package: $1" 'Version: 1' "Architecture: $2" 'Multi-Arch: same' \
                'Maintainer: nobody' 'Description: none' >"/build/$1/DEBIAN/control"
            chmod -R go=rX "/build/$1" && find "/build/$1/DEBIAN" -type f -exec chmod 755 {} +
            dpkg-deb --root-owner-group --build "/build/$1" "/srv/archive/$1.deb"
            dpkg-deb --field "/srv/archive/$1.deb" >>/srv/archive/Packages
            printf '%s\n' "Filename: ./$1.deb" "Size: $(stat -c %s "/srv/archive/$1.deb")" \
                "SHA256: $(sha256sum "/srv/archive/$1.deb" | cut -d ' ' -f 1)" '' >>/srv/archive/Packages
        }
        mkdir -p /srv/archive /build/server/DEBIAN /build/server/usr/sbin /build/server/etc/init.d \
            /build/plugin/DEBIAN /build/plugin/usr/lib/plugins

        cp /bin/true /build/server/usr/sbin/test-server
        printf '#!/bin/sh\n### BEGIN INIT INFO\n# Provides: test-server\n# Default-Start: 2\n### END INIT INFO\ntouch /started\n' \
            >/build/server/etc/init.d/test-server
        chmod 755 /build/server/etc/init.d/test-server
        cat >/build/server/DEBIAN/postinst <<'END'
        #!/bin/sh
        set -e
        groupadd --system readers
        useradd --system --gid readers --home-dir /var/lib/server --create-home --shell /usr/sbin/nologin server
        chown -R server:readers /var/lib/server
        chgrp readers /usr/sbin/test-server
        dpkg-statoverride --update --add root readers 2755 /usr/sbin/test-server
        setcap cap_net_raw+ep /usr/sbin/test-server
        update-rc.d test-server defaults
        invoke-rc.d test-server start
        END
        package server amd64

        # A program of the target's looks for plugins, whoever brings them.
        echo 'int main() { puts(sizeof(void *) == 8 ? "queried" : "what?"); }' |
            aarch64-linux-gnu-gcc -w -include stdio.h -x c -o /build/plugin/usr/lib/plugins/query -
        echo 'interest-noawait /usr/lib/plugins' >/build/plugin/DEBIAN/triggers
        cat >/build/plugin/DEBIAN/postinst <<'END'
        #!/bin/sh
        set -e
        /usr/lib/plugins/query >>"/usr/lib/plugins/$1"
        END
        package plugin arm64

        dpkg --add-architecture arm64
        echo 'deb [trusted=yes] file:/srv/archive ./' >/etc/apt/sources.list.d/own.list
        only="-o Dir::Etc::SourceList=sources.list.d/own.list -o Dir::Etc::SourceParts=-"
        apt-get $only update
        apt-get $only install --assume-yes server plugin:arm64
        dpkg-trigger --by-package=server /usr/lib/plugins
        dpkg --configure --pending
        """#

    @Test func packagesScriptsDoWhatTheyDoOnARealSystem() async throws {
        try write(
            "Cross.toml",
            "[build]\nrootfs = \"debian\"\npackages = [\"libcap2-bin\"]\npre-build = \"prepare\""
        )
        try write("prepare", "#!/bin/sh\n# \(UUID().uuidString)\n\(Self.script)")
        let look = """
            dpkg-query --show --showformat '${Package}:${Architecture} ${db:Status-Abbrev}\\n' server plugin
            getent passwd server | cut -d : -f 1,6,7
            getent group readers | cut -d : -f 1
            stat -c '%a %F' /usr/sbin/test-server /var/lib/server
            dpkg-statoverride --list '*test-server'
            cat /usr/lib/plugins/configure /usr/lib/plugins/triggered
            ls /started /etc/rc2.d/S??test-server
            """
        let outcome = try await home.runSharing(
            "cross-util",
            ["run", "--target", Self.triple, "--", look],
            in: crate
        )
        // Bits that would run a file as its owner are not kept: there is one owner, and it is the caller.
        let expected = """
            plugin:arm64 ii
            server:amd64 ii
            server:/var/lib/server:/usr/sbin/nologin
            readers
            755 regular file
            755 directory
            root readers 2755 /usr/sbin/test-server
            queried
            queried
            /etc/rc2.d/S01test-server
            """
        let lines = outcome.output.split(separator: "\n")
            .map { $0.trimmingPrefix(while: \.isWhitespace) }
            .map { line in line.hasSuffix(" ") ? String(line.dropLast()) : String(line) }
        #expect(lines.joined(separator: "\n") == expected, "\(outcome.errors)")
        // The service was not started: there is no such file.
        #expect(outcome.errors.contains("/started"), "\(outcome.errors)")
        #expect(outcome.errors.contains("policy-rc.d"), "\(outcome.errors)")
    }
}
