// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Foundation
import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Compares with what dpkg makes of the same packages, and lives in the result.
///
/// What is fetched and made takes a minute, so one test does all with it.
@Suite(.serialized) struct RealTreeTests: ~Copyable {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(
        .enabled(if: geteuid() == 0, "mmdebstrap and chroot need root"),
        arguments: [PackageSet.bookworm, .trixie]
    )
    func treeIsWhatDpkgMakesAndWorks(set: PackageSet) throws {
        let work = directory.path
        let packages = try set.fetch(into: work.appending("apt"))
        #expect(packages.count > 100)
        let store = try Store(at: work.appending("store"))
        let staged = try StagedLayers(in: store)
        for (package, file) in packages { try package.unpack(file, into: staged) { _ in } }
        try staged.publish()
        let configuration = set.configuration(
            packages.map(\.package),
            sources: try sources(of: set)
        )
        try configuration.publish(into: store)
        let tree = try store.materialise(configuration.layers).path

        let reference = work.appending("reference")
        let made = try run(
            ["bash", "-c", Self.reference, "bash", work.string, set.suite] + set.requested
        )
        try #require(made.status == 0, "\(made.output)")
        try compare(tree, reference)
        // A single run of update-shells has another order than two.
        let shells = try [tree, reference].map {
            try content($0.appending("etc/shells")).split(separator: "\n").sorted()
        }
        #expect(shells[0] == shells[1])

        let lived = try run("bash", "-c", Self.life, "bash", work.string, tree.string)
        #expect(lived.status == 0, "\(lived.output)")
    }

    @Test func sameSetTwiceIsTheSameTree() throws {
        let set = PackageSet(suite: "bookworm", requested: ["ca-certificates", "libc6:arm64"])
        let packages = try set.fetch(into: directory.path.appending("apt"))
        let listings = try ["first", "second"].map { name in
            let store = try Store(at: directory.path.appending(name))
            // In another order each time.
            let staged = try StagedLayers(in: store)
            for (package, file) in name == "first" ? packages : packages.reversed() {
                try package.unpack(file, into: staged) { _ in }
            }
            try staged.publish()
            let configuration = set.configuration(packages.map(\.package))
            try configuration.publish(into: store)
            return try listing(
                try store.materialise(configuration.layers).path,
                format: "%P\\t%y %m %T@ %n %s %l\\n"
            )
        }
        #expect(listings[0].count > 4000)
        for path in Set(listings[0].keys).union(listings[1].keys).sorted() {
            #expect(listings[0][path] == listings[1][path], "\(path)")
        }
    }

    /// The archives that apt was configured with for the set.
    private func sources(of set: PackageSet) throws -> [SystemConfiguration.Source] {
        let file = directory.path.appending("apt").appending("sources.list.d")
            .appending("debian.sources")
        let lines = try content(file).split(separator: "\n").map { $0.split(separator: " ") }
        let addresses = lines.filter { $0.first == "URIs:" }.map { String($0[1]) }
        let suites = lines.filter { $0.first == "Suites:" }.map {
            $0.dropFirst().map { String($0) }
        }
        return zip(addresses, suites).map {
            SystemConfiguration.Source(addresses: [$0], suites: $1)
        }
    }

    private func compare(_ tree: FilePath, _ reference: FilePath) throws {
        let format = "%P\\t%y %m %l\\n"
        let (ours, theirs) = (
            try listing(tree, format: format), try listing(reference, format: format)
        )
        for path in Set(ours.keys).union(theirs.keys).sorted() where ours[path] != theirs[path] {
            guard !AllowedDifference.all.contains(where: { $0.covers(path) }) else { continue }
            Issue.record("\(path): \(ours[path] ?? "nothing"), not \(theirs[path] ?? "nothing")")
        }
        #expect(theirs.count > 5000)
    }

    /// What is at each path; setuid and setgid bits, which the store drops, are not looked at, nor is the
    /// size of a directory, which in some file systems depends on the order in which it was filled.
    private func listing(_ root: FilePath, format: String) throws -> [String: String] {
        let script = """
            set -e; cd "$1"
            find . -mindepth 1 \\( -type d -printf "${2/ %s/}" -o -printf "$2" \\) | sed -E 's/(\\t[fd] )[246]([0-7]{3}) /\\1\\2 /'
            find . -type f -print0 | xargs -0 sha256sum | sed -E 's/^([0-9a-f]+)  (.*)$/\\2\\t\\1/; s/^\\.\\//content of /'
            """
        let finished = try run("bash", "-c", script, "bash", root.string, format)
        guard finished.status == 0 else { throw Failure(output: finished.output) }
        let lines = finished.output.split(separator: "\n").map {
            $0.split(separator: "\t", maxSplits: 1).map { String($0) }
        }
        return Dictionary(
            lines.map { ($0[0], $0.count > 1 ? $0[1] : "") },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Makes the tree with dpkg: the same packages, the same paths left out.
    private static let reference = #"""
        set -eu
        work=$1 suite=$2; shift 2
        options=()
        while IFS= read -r line; do options+=(--aptopt="$line"); done <"$work/apt/machine.conf"
        while IFS= read -r line; do options+=(--dpkgopt="$line"); done <"$work"/store/rootfs/*/etc/dpkg/dpkg.cfg.d/cross
        mmdebstrap --quiet --mode=root --variant=apt --architectures=amd64,arm64 \
            --include="$(IFS=,; echo "$*")" "${options[@]}" "$suite" "$work/reference" \
            "$work/apt/sources.list.d/debian.sources"
        """#

    /// Lives in a copy of the tree: dpkg, apt, ldconfig and the compilers must find nothing amiss.
    private static let life = #"""
        set -eu
        if [ -z "${INSIDE-}" ]; then INSIDE=1 exec unshare --mount bash -c "$BASH_EXECUTION_STRING" bash "$@"; fi
        work=$1
        cp -a "$2" "$work/copy"
        cd "$work/copy"
        chmod 755 .
        mount -t proc proc proc
        mount --rbind /dev dev
        cp /etc/resolv.conf /etc/hosts etc/
        cp "$work/apt/machine.conf" etc/apt/apt.conf.d/99machine
        fail() { echo "FAILED: $*"; exit 1; }
        inside() { chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C \
            http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" "$@"; }

        audit=$(inside dpkg --audit); [ -z "$audit" ] || fail "dpkg --audit: $audit"
        verify=$(inside dpkg --verify | grep -vE ' /usr/share/(doc|man|info|locale|lintian|linda|groff)/' || true)
        [ -z "$verify" ] || fail "dpkg --verify: $verify"
        inside apt-get check -qq || fail "apt-get check"
        cp etc/ld.so.cache "$work/cache"
        inside ldconfig
        cmp "$work/cache" etc/ld.so.cache || fail "ldconfig wrote another cache"
        inside update-alternatives --get-selections | grep -qE '^awk +auto +/usr/bin/mawk$' || fail "awk"
        inside update-alternatives --display awk >/dev/null || fail "update-alternatives --display"
        inside su root -c true || fail "su"
        inside python3 -c 'import ssl; assert ssl.create_default_context().cert_store_stats()["x509"] > 100' || fail "certificates"
        printf '#include <stdio.h>\nint main(void) { puts("built"); }\n' >tmp/x.c
        if [ -e usr/bin/aarch64-linux-gnu-g++ ]; then
            inside aarch64-linux-gnu-g++ -x c++ -o /tmp/x /tmp/x.c || fail "C++ for arm64"
        else
            inside cc -o /tmp/x /tmp/x.c || fail "cc"
            [ "$(inside /tmp/x)" = built ] || fail "what cc built"
        fi
        inside apt-get update -qq || fail "apt-get update"
        removed=$(inside apt-get -s autoremove | grep '^Remv' || true); [ -z "$removed" ] || fail "autoremove: $removed"
        inside apt-get install -y -qq hello || fail "apt-get install hello"
        [ "$(inside hello)" = "Hello, world!" ] || fail "hello"
        ! [ -e usr/share/man/man1/hello.1.gz ] || fail "hello's manual was installed"
        inside apt-get install -y -qq dbus || fail "a package that makes a user and starts a service"
        inside apt-get purge -y -qq hello dbus || fail "apt-get purge"
        audit=$(inside dpkg --audit); [ -z "$audit" ] || fail "dpkg --audit at the end: $audit"
        """#
}
