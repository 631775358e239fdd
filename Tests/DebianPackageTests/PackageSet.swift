// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Foundation
import OCIStore
import RootfsRecipe
import StoreTestSupport
import SystemPackage
import Testing

/// Real packages of a suite, resolved and fetched by apt from the machine's own mirror.
struct PackageSet: Sendable, CustomTestStringConvertible {
    let suite: String
    /// What is asked for beside the essential packages and apt.
    let requested: [String]

    /// A cross compiler with what builds need.
    static let bookworm = PackageSet(
        suite: "bookworm",
        requested: [
            "ca-certificates", "g++-aarch64-linux-gnu", "libc6:arm64", "libstdc++6:arm64", "cmake",
            "pkg-config", "git", "python3",
        ]
    )
    /// A small one whose base-files has the links of the root.
    static let trixie = PackageSet(
        suite: "trixie",
        requested: [
            "ca-certificates", "gcc", "libc6-dev", "python3", "pkgconf", "libssl3t64:arm64",
        ]
    )

    var testDescription: String { suite }

    /// Writes an apt configuration of our own and fetches the packages; nothing of the machine's
    /// apt is changed and no root is needed.
    ///
    /// Arguments: a directory, the suite, packages.
    private static let fetching = #"""
        set -eu
        directory=$1 suite=$2; shift 2
        mkdir -p "$directory"/sources.list.d "$directory"/state/lists/partial "$directory"/cache/archives/partial
        : >"$directory/state/status"
        sources=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages' 'Origin: Debian' | sort -u)
        debian=$(printf '%s\n' "$sources" | awk '$2 == "bookworm" { print $1; exit }')
        security=$(printf '%s\n' "$sources" | awk '$2 == "bookworm-security" { print $1; exit }')
        [ -n "$debian" ] && [ -n "$security" ] || { echo "apt knows no Debian archive here"; exit 1; }
        keyring=/usr/share/keyrings/debian-archive-keyring.gpg
        for source in "$debian $suite $suite-updates" "$security $suite-security"; do
            printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' \
                "${source%% *}" "${source#* }" "$keyring"
        done >"$directory/sources.list.d/debian.sources"
        apt-config dump --no-empty |
            grep -E '^Acquire::(Check-|Retries|ForceIPv|(https?|ftp)(::|[[:space:]]))' >"$directory/machine.conf" || true
        {
            cat "$directory/machine.conf"
            cat <<END
        APT::Architecture "amd64";
        APT::Architectures { "amd64"; "arm64"; };
        APT::Install-Recommends "false";
        APT::Sandbox::User "";
        Acquire::Languages "none";
        Dir::Etc::sourcelist "/dev/null";
        Dir::Etc::sourceparts "$directory/sources.list.d";
        Dir::State "$directory/state";
        Dir::State::status "$directory/state/status";
        Dir::Cache "$directory/cache";
        END
        } >"$directory/apt.conf"
        export APT_CONFIG=$directory/apt.conf
        apt-get update -qq
        apt-get install -qq --download-only -y '?narrow(?essential,?architecture(amd64))' apt "$@" >/dev/null
        for deb in "$directory"/cache/archives/*.deb; do
            printf '%s\t%s\t' "$deb" "$(sha256sum <"$deb" | cut -c1-64)"
            dpkg-deb --show --showformat '${Package}\t${Version}\t${Architecture}\n' "$deb"
        done >"$directory/packages"
        """#

    /// Fetches the packages.
    ///
    /// - Parameter directory: where everything goes; `apt.conf`, `sources.list.d` and `machine.conf`
    ///   in it are of use later.
    /// - Returns: each package and its file.
    /// - Throws: `Failure` with what apt said.
    func fetch(into directory: FilePath) throws -> [(package: DebianPackage, file: FilePath)] {
        let finished = try run(
            ["bash", "-c", Self.fetching, "bash", directory.string, suite] + requested
        )
        guard finished.status == 0 else { throw Failure(output: finished.output) }
        return try content(directory.appending("packages")).split(separator: "\n").map { line in
            let words = line.split(separator: "\t").map { String($0) }
            let package = DebianPackage(
                name: words[2],
                version: words[3],
                architecture: words[4],
                digest: try Digest("sha256:\(words[1])")
            )
            return (package, FilePath(words[0]))
        }
    }

    /// The configuration of a tree of the packages.
    func configuration(
        _ packages: [DebianPackage],
        sources: [SystemConfiguration.Source] = []
    ) -> SystemConfiguration {
        SystemConfiguration(
            packages: packages.map { package in
                SystemConfiguration.Package(
                    key: package.key,
                    name: package.name,
                    architecture: package.architecture,
                    isRequested: requested.contains(package.name)
                        || requested.contains("\(package.name):\(package.architecture)")
                )
            },
            architecture: "amd64",
            foreignArchitectures: ["arm64"],
            sources: sources,
            files: [.init(path: "/opt/toolchain.cmake", mode: 0o644, text: "# nothing\n")],
            date: 1_790_000_000
        )
    }
}

/// What a program that should not have failed said.
struct Failure: Error {
    let output: String
}
