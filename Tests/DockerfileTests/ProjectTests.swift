// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

/// Dockerfiles in the shapes that projects which use cross have theirs; written for this test.
@Suite struct ProjectTests {
    private static let base = "ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main"

    /// What every project is given.
    private func plan(_ text: String, _ own: [String: String] = [:]) throws -> BuildPlan {
        try DockerfileTests.plan(
            text,
            BuildArguments(
                own,
                baseImage: Self.base,
                debianArchitecture: "arm64",
                platform: amd64
            ),
            image: ImageConfiguration(
                environment: [
                    "PATH=/usr/bin:/bin", "CROSS_SYSROOT=/usr/aarch64-linux-gnu",
                    "CROSS_CMAKE_SYSTEM_PROCESSOR=aarch64",
                ]
            )
        )
    }

    private func lines(_ plan: BuildPlan) -> [String] {
        programs(plan).compactMap(\.arguments.last)
    }

    private func variable(_ name: String, _ plan: BuildPlan) -> String? {
        plan.configuration.environment.first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }

    // The older form of ENV, and a last line that ends with a continuation.
    @Test func foreignPackagesOnAFixedImage() throws {
        let plan = try plan(
            """
            FROM rustembedded/cross:armv7-unknown-linux-gnueabihf

            ENV PKG_CONFIG_ALLOW_CROSS 1
            ENV PKG_CONFIG_PATH /usr/lib/arm-linux-gnueabihf/pkgconfig/

            RUN dpkg --add-architecture armhf && \\
                apt-get update && \\
                apt-get install -y libasound2-dev:armhf \\
            """
        )
        #expect(variable("PKG_CONFIG_ALLOW_CROSS", plan) == "1")
        #expect(
            lines(plan) == [
                "dpkg --add-architecture armhf &&     apt-get update &&     apt-get install -y libasound2-dev:armhf"
            ]
        )
    }

    // An ARG that only the build sees, on the image that cross names.
    @Test func packagesOnTheImageOfTheTarget() throws {
        let plan = try plan(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE

            ARG DEBIAN_FRONTEND=noninteractive
            RUN apt-get update && apt-get install --assume-yes cmake clang && rm -rf /tmp/*
            ENV GOCACHE=/tmp
            """
        )
        #expect(plan.stages[0].base == .image(try image(Self.base)))
        #expect(programs(plan)[0].environment.contains("DEBIAN_FRONTEND=noninteractive"))
        #expect(variable("DEBIAN_FRONTEND", plan) == nil)
        #expect(variable("GOCACHE", plan) == "/tmp")
    }

    // Comments within one long RUN, and a shell's own `$` and `;;`.
    @Test func aScriptWithCommentsInside() throws {
        let plan = try plan(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE
            ARG CROSS_DEB_ARCH

            RUN set -eux; \\
                dpkg --add-architecture ${CROSS_DEB_ARCH}; \\
                # what the image is
                . /etc/os-release; \\
                case "${ID}" in \\
                    ubuntu) \\
                        # only its own packages
                        sed -i 's|^deb http|deb [arch=amd64] http|' /etc/apt/sources.list; \\
                        ;; \\
                    *) \\
                        echo "${ID}"; \\
                        ;; \\
                esac; \\
                apt-get install -y libdbus-1-dev:${CROSS_DEB_ARCH}
            """
        )
        #expect(lines(plan).count == 1)
        #expect(lines(plan)[0].hasSuffix("libdbus-1-dev:${CROSS_DEB_ARCH}"))
        #expect(!lines(plan)[0].contains("#"))
        #expect(programs(plan)[0].environment.contains("CROSS_DEB_ARCH=arm64"))
    }

    // Files of a published image, and a stage of one's own; variables that the base image sets.
    @Test func staticLibrariesFromAnotherDistribution() throws {
        let plan = try plan(
            """
            ARG CROSS_BASE_IMAGE

            FROM alpine:3.18 AS anywhere
            RUN mkdir -p /a/lib && \\
                cp /lib/libapk.so.* /a/lib/

            FROM $CROSS_BASE_IMAGE
            COPY --from=anywhere /a/ /a/
            COPY --from=example/tool / /
            ENV MARCH=${CROSS_CMAKE_SYSTEM_PROCESSOR}
            RUN apk-${MARCH} add zlib-static
            ENV LIBRARY_PATH="${CROSS_SYSROOT}/lib"
            COPY --chmod=755 hack/tool.sh /bin/tool

            RUN mkdir /.cargo && cat <<'EOF' > /.cargo/config.toml
            [target.'cfg(target_env = "musl")']
            rustflags = ["-Clink-arg=-lgcc"]
            EOF

            RUN apt-get -y update
            """
        )
        #expect(plan.stages.map(\.name) == ["anywhere", nil])
        #expect(
            copies(plan).map(\.origin) == [.stage(0), .image(try image("example/tool")), .context]
        )
        #expect(variable("MARCH", plan) == "aarch64")
        #expect(variable("LIBRARY_PATH", plan) == "/usr/aarch64-linux-gnu/lib")
        #expect(lines(plan)[2].hasSuffix("rustflags = [\"-Clink-arg=-lgcc\"]\nEOF"))
    }

    // A script that is mounted from an image and run where it is.
    @Test func aScriptOfAnotherImage() throws {
        let plan = try plan(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE
            RUN --mount=type=bind,from=example/polyfill,source=/p.sh,target=/p.sh /p.sh
            ENV CROSS_SYSROOT=/
            """
        )
        let mount = try #require(programs(plan).first?.mounts.first)
        #expect(mount.kind == .bind(.image(try image("example/polyfill")), source: "/p.sh"))
        #expect(lines(plan) == ["/p.sh"])
        #expect(variable("CROSS_SYSROOT", plan) == "/")
    }

    // The project chooses the image itself, by a build argument with a default.
    @Test func anImageOfTheProjectsOwnChoice() throws {
        let text = """
            ARG BASE_IMAGE=ubuntu:22.04
            FROM ${BASE_IMAGE}
            ARG CROSS_DEB_ARCH
            ARG TRIPLE
            ENV PKG_CONFIG_PATH=/usr/lib/${TRIPLE}/pkgconfig \\
                CROSS_CMAKE_OBJECT_FLAGS="-ffunction-sections -fPIC" \\
                CC_aarch64_unknown_linux_gnu=aarch64-linux-gnu-gcc
            RUN sed 's/http:\\/\\/\\(.*\\).example/x/g' /etc/apt/sources.list
            """
        let plain = try plan(text)
        #expect(plain.stages[0].base == .image(try image("ubuntu:22.04")))
        #expect(variable("PKG_CONFIG_PATH", plain) == "/usr/lib//pkgconfig")
        let own = try plan(
            text,
            ["BASE_IMAGE": "debian:12", "TRIPLE": "aarch64-linux-gnu", "OLD": "1"]
        )
        #expect(own.stages[0].base == .image(try image("debian:12")))
        #expect(variable("PKG_CONFIG_PATH", own) == "/usr/lib/aarch64-linux-gnu/pkgconfig")
        #expect(variable("CROSS_CMAKE_OBJECT_FLAGS", own) == "-ffunction-sections -fPIC")
        #expect(own.unusedArguments == ["OLD"])
    }

    // Quotes in the middle of words, values that use those in front, an entry point.
    @Test func aToolchainBuiltInStages() throws {
        let plan = try plan(
            """
            FROM ubuntu:24.04 AS cross-base
            ENV DEBIAN_FRONTEND=noninteractive
            WORKDIR /cross/docker
            RUN cp common.sh lib.sh / && /common.sh

            FROM cross-base AS build
            RUN cp entry.sh /
            ENTRYPOINT ["/entry.sh"]
            ENV CROSS_TOOLCHAIN_PREFIX=x86_64-w64-mingw32-
            ENV CROSS_TOOLCHAIN_SUFFIX=-posix
            ENV RUNNER="env -u X wine"
            ENV LINKER="$CROSS_TOOLCHAIN_PREFIX"gcc"$CROSS_TOOLCHAIN_SUFFIX" \\
                OTHER_RUNNER="$RUNNER"
            """
        )
        #expect(variable("LINKER", plan) == "x86_64-w64-mingw32-gcc-posix")
        #expect(variable("OTHER_RUNNER", plan) == "env -u X wine")
        #expect(plan.configuration.entrypoint == ["/entry.sh"])
        #expect(programs(plan).map(\.workingDirectory) == ["/cross/docker", "/cross/docker"])
    }

    // As cross-rs makes its own images: several files into `/`, everything into an empty root.
    @Test func anImageThatIsFlattened() throws {
        let plan = try plan(
            """
            FROM ubuntu:24.04 AS build
            COPY common.sh lib.sh /
            RUN /common.sh

            FROM scratch AS final
            COPY --from=build / /
            CMD ["/bin/bash"]
            ENV CROSS_TOOLCHAIN_PREFIX=aarch64-linux-musl-
            COPY musl-gcc.sh /usr/bin/"$CROSS_TOOLCHAIN_PREFIX"gcc.sh
            RUN sed -e "s#@X@#$CROSS_TOOLCHAIN_PREFIX#g" -i /runner
            """
        )
        #expect(plan.stages[1].base == .scratch)
        #expect(
            copies(plan).map(\.destination) == ["/", "/", "/usr/bin/aarch64-linux-musl-gcc.sh"]
        )
        #expect(plan.configuration.command == ["/bin/bash"])
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        #expect(variable("PATH", plan) == path)
    }

    // A variable in the name of a variable, and the platform by its arguments.
    @Test func namesMadeOfArguments() throws {
        let plan = try plan(
            """
            FROM ubuntu:24.04
            ARG TARGETARCH
            ARG TARGETVARIANT
            ARG TRIPLE
            ENV CROSS_TARGETARCH=$TARGETARCH
            ENV CROSS_TARGETVARIANT=$TARGETVARIANT
            ENV CARGO_TARGET_${TRIPLE}_RUNNER="/native-runner"
            """,
            ["TRIPLE": "X86_64"]
        )
        #expect(variable("CROSS_TARGETARCH", plan) == "amd64")
        #expect(variable("CROSS_TARGETVARIANT", plan) == "")
        #expect(variable("CARGO_TARGET_X86_64_RUNNER", plan) == "/native-runner")
    }

    // A cache, a secret, and a stage that only another target needs.
    @Test func cachesAndSecretsWhileBuilding() throws {
        let plan = try plan(
            """
            # syntax=docker/dockerfile:1
            ARG CROSS_BASE_IMAGE
            FROM golang:1.22 AS unused
            RUN go version

            FROM ${CROSS_BASE_IMAGE:-debian:12}
            SHELL ["/bin/bash", "-o", "pipefail", "-c"]
            RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
                --mount=type=secret,id=token,env=TOKEN \\
                apt-get update | tee /log
            RUN <<EOF
            set -e
            echo one
            EOF
            """
        )
        #expect(plan.stages.map(\.index) == [1])
        #expect(programs(plan)[0].arguments.first == "/bin/bash")
        #expect(programs(plan)[0].mounts.count == 2)
        #expect(lines(plan)[1] == "set -e\necho one\n")
    }

    // A download with its digest, an archive of the project's, labels and what has no effect.
    @Test func downloadsArchivesAndNotes() throws {
        let digest = Digest.of(Array("x".utf8))
        let plan = try plan(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE
            ARG VERSION=1.2
            ADD --checksum=\(digest) https://example.org/p-${VERSION}.zip /tmp/
            ADD vendor/sysroot.tar.xz /opt/sysroot
            LABEL org.example.version="$VERSION" org.example.by='me too'
            EXPOSE 80
            VOLUME /data
            HEALTHCHECK NONE
            STOPSIGNAL SIGINT
            MAINTAINER me
            USER nobody
            """
        )
        #expect(copies(plan).map(\.unpacks) == [.local, .local])
        #expect(
            plan.configuration.labels == ["org.example.version": "1.2", "org.example.by": "me too"]
        )
        #expect(plan.configuration.user == "nobody")
    }
}
