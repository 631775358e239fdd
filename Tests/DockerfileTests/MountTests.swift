// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

@Suite struct MountTests {
    private func mounts(_ flags: String) throws -> [RunMount] {
        try #require(
            programs(try plan("FROM b AS s\nFROM a\nENV V=v\nWORKDIR /w\nRUN \(flags) x")).last
        ).mounts
    }

    private let nobody = RunMount.Ownership(mode: nil, uid: nil, gid: nil)

    @Test func mountsAreTyped() throws {
        #expect(
            try mounts(
                "--mount=type=bind,source=src/$V,target=t --mount=from=s,src=/o,dst=/p,rw "
                    + "--mount=from=img:1,target=/q --mount=type=bind"
            ) == [
                RunMount(kind: .bind(.context, source: "src/v"), target: "/w/t", isReadOnly: true),
                RunMount(kind: .bind(.stage(0), source: "/o"), target: "/p", isReadOnly: false),
                RunMount(
                    kind: .bind(.image(try image("img:1")), source: "/"),
                    target: "/q",
                    isReadOnly: true
                ),
                RunMount(kind: .bind(.context, source: "/"), target: "/w", isReadOnly: true),
            ]
        )
        #expect(
            try mounts(
                "--mount=type=cache,id=c$V,target=/c,sharing=locked,mode=0700,uid=1,gid=2,ro"
            )
                == [
                    RunMount(
                        kind: .cache(
                            id: "cv",
                            .locked,
                            origin: .empty,
                            source: "/",
                            .init(mode: 0o700, uid: 1, gid: 2)
                        ),
                        target: "/c",
                        isReadOnly: true
                    )
                ]
        )
        #expect(
            try mounts("--mount=type=cache,target=/c/ --mount=type=tmpfs,target=/t,size=64m")
                == [
                    RunMount(
                        kind: .cache(id: "/c", .shared, origin: .empty, source: "/", nobody),
                        target: "/c",
                        isReadOnly: false
                    ),
                    RunMount(kind: .tmpfs(size: 64 << 20), target: "/t", isReadOnly: false),
                ]
        )
        #expect(
            try mounts("--mount=type=secret,id=k,required --mount=type=secret,id=t,env=TOKEN")
                == [
                    RunMount(
                        kind: .secret(id: "k", variable: nil, isRequired: true, nobody),
                        target: "/run/secrets/k",
                        isReadOnly: true
                    ),
                    RunMount(
                        kind: .secret(id: "t", variable: "TOKEN", isRequired: false, nobody),
                        target: nil,
                        isReadOnly: true
                    ),
                ]
        )
    }

    @Test(arguments: [
        ("type=nfs,target=/x", MountFault.unknownType("nfs")),
        ("type=ssh", .unsupportedType("ssh")),
        ("type=bind", .target("")), ("type=cache,target=/", .target("/")),
        ("type=tmpfs,target=/a/..", .target("/a/..")),
        ("type=cache,target=/x,sharing=some", .value("some", key: "sharing")),
        ("type=tmpfs,target=/x,size=big", .value("big", key: "size")),
        ("type=tmpfs,target=/x,size=99999999999t", .value("99999999999t", key: "size")),
        ("type=bind,target=/x,ro=maybe", .value("maybe", key: "readonly")),
        ("type=bind,target=/x,mode=0700", .misplaced("mode", type: "bind")),
        ("type=bind,target=/x,required", .misplaced("required", type: "bind")),
        ("type=tmpfs,target=/x,from=b", .misplaced("from", type: "tmpfs")),
        ("type=cache,target=/x,mode=9", .value("9", key: "mode")), ("type=secret", .secretName),
        ("type=secret,id=a,source=b", .secretName),
    ])
    func mountsThatMeanNothingAreRefused(options: String, expected: MountFault) {
        #expect(planFault("FROM a\nRUN --mount=\(options) x") == .mount(expected))
    }

    @Test func programsMayStandInTheDockerfile() throws {
        let step = try #require(programs(try plan("FROM a\nRUN <<-E\n\t#!/bin/x\n\ty\nE")).first)
        #expect(step.arguments == ["/dev/pipes/E"])
        #expect(step.script == .init(path: "/dev/pipes/E", content: "#!/bin/x\ny\n"))
        #expect(try programs(plan("FROM a\nRUN --network=none x")).first?.isOffline == true)
    }
}
