// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import Foundation
import OCIStore
import Sandbox
import SystemPackage
import Testing

@testable import cross

/// Who a `RUN` is, what is mounted for it, and what runs the programs of other processors in it.
@Suite struct RunTests: ~Copyable {
    private let ground: BuildGround

    init() throws { ground = try BuildGround() }

    private static let accounts = """
        FROM base
        RUN echo builder:x:1000:1001::/home/builder:/bin/sh >/etc/passwd; \\
            echo crew:x:1002: >/etc/group; mkdir -p /home/builder
        """

    @Test func aRunBehindAUserIsThatUser() throws {
        let users = [
            ("builder", "1000:1001 /home/builder"), ("1000", "1000:1001 /home/builder"),
            ("builder:crew", "1000:1002 /home/builder"), ("7", "7:0 /"), ("7:8", "7:8 /"),
            ("0", "0:0 /root"), ("root", "0:0 /root"),
        ]
        let lines = users.map { "USER \($0.0)\nRUN echo $(id -u):$(id -g) $HOME >>/who" }
        let image = try ground.build(
            """
            \(Self.accounts)
            RUN echo root:x:0:0::/root:/bin/sh >>/etc/passwd
            \(lines.joined(separator: "\n"))
            """
        )
        let said = users.map { $0.1 + "\n" }.joined()
        #expect(try ground.content(image, "who") == said)
        #expect(image.configuration.user == "root")
    }

    @Test func aUserThatNobodyKnowsIsAnError() throws {
        #expect(
            try ground.refusal("\(Self.accounts)\nUSER nobody\nRUN true")
                == .owner(ground.place(5), "nobody")
        )
        #expect(
            try ground.refusal("\(Self.accounts)\nUSER builder:nobody\nRUN true")
                == .owner(ground.place(5), "nobody")
        )
    }

    // A cache has no part in what a step depends on, so each build says something new.
    private func cached(_ options: String, _ command: String, _ number: Int) throws -> String {
        let image = try ground.build(
            """
            FROM base AS seed
            RUN mkdir -p /seed/inner && echo seed >/seed/inner/file && ln -s inner /seed/link
            FROM base
            ARG NUMBER
            RUN --mount=type=cache,target=/cache,\(options) { \(command); } >/said
            """,
            ["NUMBER": "\(number)"]
        )
        return try ground.content(image, "said")
    }

    @Test(arguments: ["shared", "private", "locked"])
    func aCacheStaysFromBuildToBuild(sharing: String) throws {
        let options = "id=one,sharing=\(sharing),mode=0770"
        let command = "cat /cache/n 2>/dev/null; echo $NUMBER >/cache/n"
        #expect(try cached(options, command, 1) == "")
        #expect(try cached(options, "cat /cache/n; stat -c %a /cache", 2) == "1\n770\n")
        #expect(try cached("id=another", "find /cache -type f", 3) == "")
    }

    @Test func aCacheBeginsWithWhatItsFromHas() throws {
        let options = "from=seed,source=/seed"
        let command = "cat /cache/link/file; echo more >>/cache/inner/file"
        #expect(try cached(options, command, 1) == "seed\n")
        #expect(try cached(options, command, 2) == "seed\nmore\n")
        // The files of the stage are not the cache's.
        #expect(try cached("from=seed,source=/seed/inner", "cat /cache/file", 3) == "seed\n")
    }

    @Test func aLockedCacheIsUsedByOneAtATimeAndAPrivateOneByItsUserAlone() throws {
        let host = try ground.steps.runner().host
        let caches = try CacheMounts(host)
        let first = try caches.directory("x", .private, mode: nil, from: nil) {}
        let second = try caches.directory("x", .private, mode: nil, from: nil) {}
        #expect(first.path != second.path)
        let path = first.path
        withExtendedLifetime(first) {}
        let shared = try caches.directory("y", .shared, mode: nil, from: nil) {}
        let other = try caches.directory("y", .shared, mode: nil, from: nil) {
            Issue.record("two that share wait for each other")
        }
        #expect(shared.path == other.path && shared.path != path)
        let waiter = Thread { [parent = ground.steps.directory.path] in
            _ = try? CacheMounts(host).directory("z", .locked, mode: nil, from: nil) {
                try? Data().write(to: URL(filePath: parent.appending("waiting").string))
            }
        }
        let mark = ground.steps.directory.path.appending("waiting").string
        do {
            let locked = try caches.directory("z", .locked, mode: nil, from: nil) {}
            waiter.start()
            while !FileManager.default.fileExists(atPath: mark) { usleep(1000) }
            withExtendedLifetime(locked) {}
        }
        while !waiter.isFinished { usleep(1000) }
    }

    @Test func aSecretIsThereOnceAndHasItsMode() throws {
        let image = try ground.build(
            """
            FROM base
            RUN --mount=type=secret,id=key,target=/mnt/key,mode=0440,uid=5,required \\
                --mount=type=secret,id=key,env=KEY --mount=type=secret,id=nothing \\
                stat -c %a /mnt/key >/said; echo $KEY >>/said; find /run -name nothing >>/said
            RUN find / -name key -type f >/left 2>/dev/null; true
            RUN --mount=type=tmpfs,target=/mnt/t,size=64m touch /mnt/t/x
            """,
            secrets: ["key": Array("secret".utf8)]
        )
        #expect(try ground.content(image, "said") == "440\nsecret\n")
        #expect(try !ground.exists(image, "mnt/t/x"))
        #expect(try ground.content(image, "left") == "")
    }

    @Test func emulatorsOfTheRootComeBeforeThoseOfImagesInTheStore() throws {
        let store = ground.steps.store
        let image = try ground.build(
            "FROM base\nCOPY --from=base /bin/busybox /usr/bin/qemu-aarch64-static\n"
                + "COPY --from=base /bin/busybox /usr/bin/qemu-arm\nCOPY run.sh /usr/bin/qemu-s390x"
        )
        try store.keep(image, as: try ImageReference("localhost/emulators:1"), platform: .host)
        let own = try ground.build("FROM base\nCOPY --from=base /bin/busybox /bin/qemu-arm-static")
        let tree = try store.materialise(try #require(own.record))
        let found = try StepEmulators(RootDirectory(path: tree.path), "/bin", store)
        let interpreters = found.binaryFormats.map { "\($0.name) \($0.interpreter)" }
        #expect(
            Set(interpreters) == [
                "qemu-arm /bin/qemu-arm-static", "qemu-aarch64 /run/cross/qemu-aarch64-static",
            ]
        )
        #expect(found.mounts.map(\.target) == ["/run/cross/qemu-aarch64-static"])
    }
}
