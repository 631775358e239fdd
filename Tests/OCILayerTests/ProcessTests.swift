// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// What happens to processes as a whole: they are killed, run at once, meet full disks and umasks.
@Suite struct ProcessTests: ~Copyable {
    let directory: TemporaryDirectory
    let store: FilePath
    /// The arguments of `UnpackLayers`.
    let arguments: [String]
    let expected: [String]

    init() throws {
        let directory = try TemporaryDirectory()
        var lower = ordinaryArchive()
        for index in 0..<800 {
            lower.add("many/\(index % 50)/\(index)", content: "content \(index)")
        }
        lower.add("read-only/", type: "5", mode: 0o555)
        lower.add("nothing/", type: "5", mode: 0)
        lower.add("nothing/x", content: "1", mode: 0)
        var upper = TarBuilder()
        upper.add(".wh.etc")
        upper.add("read-only/y", content: "2")
        var arguments: [String] = []
        for tar in [lower, upper] {
            let archive = tar.archive
            let blob = directory.path.appending(Digest.of(archive).hex).string
            try Data(compressed(archive, with: ["gzip", "-1"])).write(
                to: URL(fileURLWithPath: blob)
            )
            arguments += [
                "application/vnd.oci.image.layer.v1.tar+gzip", blob, "\(Digest.of(archive))",
            ]
        }
        let reference = directory.path.appending("reference").string
        self.expected = try listing(Self.finish([unpackLayers, reference] + arguments))
        self.arguments = arguments
        self.store = directory.path.appending("store")
        self.directory = directory
    }

    @Test func killedAtAnyMomentTheNextRunEndsInACorrectTree() throws {
        var whole = ContinuousClock().measure {
            _ = try? run([unpackLayers, directory.path.appending("timing").string] + arguments)
        }
        var killed = 0
        for moment in 0..<24 {
            let store = directory.path.appending("killed-\(moment)").string
            let process = try start([unpackLayers, store] + arguments)
            let delay = whole * moment / 26
            usleep(UInt32(delay / .microseconds(1)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal {
                killed += 1
            } else {
                // The machine has become faster since.
                whole = delay
            }
            #expect(try listing(Self.finish([unpackLayers, store] + arguments)) == expected)
            #expect(try names(in: FilePath(store).appending("tmp")) == ["downloads"])
        }
        #expect(killed >= 12, "half of the moments must have hit a running process")
    }

    @Test func manyProcessesAtOnceMakeOneTree() throws {
        let processes = try (0..<6).map { _ in try start([unpackLayers, store.string] + arguments) }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        #expect(try names(in: store.appending("rootfs")).count == 1)
        #expect(try names(in: store.appending("tmp")) == ["downloads"])
        #expect(try listing(Self.finish([unpackLayers, store.string] + arguments)) == expected)
    }

    @Test(arguments: ["000", "077", "777"])
    func umaskChangesNothing(mask: String) throws {
        let script = "umask \(mask); exec \"$@\""
        let root = try Self.finish(
            ["sh", "-c", script, "sh", unpackLayers, store.string] + arguments
        )
        #expect(try listing(root) == expected)
    }

    @Test func ordinaryUserGetsTheSameTreeWithItsReadOnlyDirectories() throws {
        guard geteuid() == 0 else {
            // All other tests here ran as an ordinary user then.
            return
        }
        for path in [directory.path, FilePath(arguments[1]), FilePath(arguments[4])] {
            _ = unsafe path.withPlatformString { unsafe chmod($0, 0o777) }
        }
        let user = [
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all",
        ]
        let root = try Self.finish(user + [unpackLayers, store.string] + arguments)
        #expect(try listing(root) == expected)
        #expect(try status(root).st_uid == 65534)
        // A tree that was left half made is removed by the same user.
        let abandoned = store.appending("tmp").appending("1-dead")
        #expect(try run(user + ["mv", root.string, abandoned.string]).status == 0)
        _ = try Self.finish(user + [unpackLayers, store.string] + arguments)
        #expect(!exists(abandoned))
    }

    @Test(arguments: ["size=2m", "nr_inodes=300", "size=700k"])
    func fullDiskIsNamedAndLeavesAStoreThatWorks(limit: String) throws {
        let mount = directory.path.appending("disk").string
        let log = directory.path.appending("log").string
        // Fails, then grows the disk and runs again, all in one mount namespace.
        let script = """
            mkdir \(mount) && mount -t tmpfs -o \(limit),mode=0700 none \(mount) || exit 3
            "$@" > \(log) && exit 4
            cat \(log)
            ls \(mount)/layers \(mount)/rootfs 2>/dev/null
            mount --options-mode ignore -o remount,size=64m,nr_inodes=100000 \(mount)
            root=$("$@") && echo "then $root" && ls \(mount)/tmp
            """
        let finished = try run(
            ["unshare", "-Urm", "sh", "-c", script, "sh", unpackLayers, mount] + arguments
        )
        #expect(finished.status != 3, "this machine allows no mount in a user namespace")
        #expect(finished.status == 0, "\(finished.output)")
        #expect(
            finished.output.contains("ENOSPC")
                || finished.output.contains("No space left on device")
        )
        #expect(finished.output.contains("then \(mount)/rootfs/"))
    }

    /// Runs to a successful end; the path that was printed.
    private static func finish(_ arguments: [String]) throws -> FilePath {
        let finished = try run(arguments)
        #expect(finished.status == 0, "\(finished.output)")
        return FilePath(finished.output.split(separator: "\n").last.map { String($0) } ?? "")
    }
}

/// Every name with type, mode, time and content, without the owner.
func listing(_ root: FilePath) throws -> [String] {
    // What the caller may not read is left out of every listing alike.
    let find = try run(
        "sh",
        "-c",
        "cd \"$1\" && find . -mindepth 1 -printf '%P %y %m %T@ %l %s\\n' 2>/dev/null",
        "sh",
        root.string
    ).output
    // The sizes of directories depend on how they were filled.
    let lines = find.split(separator: "\n").map { line in
        line.contains(" d ")
            ? line.split(separator: " ").dropLast().joined(separator: " ") : String(line)
    }
    let sums = try run(
        "sh",
        "-c",
        "cd \"$1\" && find . -type f -exec sha256sum {} + 2>/dev/null",
        "sh",
        root.string
    ).output
    return lines.sorted() + sums.split(separator: "\n").map { String($0) }.sorted()
}
