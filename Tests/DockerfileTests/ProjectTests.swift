// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

/// Dockerfiles upon the image of the target, in the shapes that projects which use cross have theirs;
/// written for this test.
@Suite struct ProjectTests {
    // An ARG that only the build sees, on the image that cross names.
    @Test func packagesOnTheImageOfTheTarget() throws {
        let plan = try projectPlan(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE

            ARG DEBIAN_FRONTEND=noninteractive
            RUN apt-get update && apt-get install --assume-yes cmake clang && rm -rf /tmp/*
            ENV GOCACHE=/tmp
            """
        )
        #expect(plan.stages[0].base == .image(try image(projectBase)))
        #expect(programs(plan)[0].environment.contains("DEBIAN_FRONTEND=noninteractive"))
        #expect(plan.variable("DEBIAN_FRONTEND") == nil)
        #expect(plan.variable("GOCACHE") == "/tmp")
    }

    // Comments within one long RUN, and a shell's own `$` and `;;`.
    @Test func aScriptWithCommentsInside() throws {
        let plan = try projectPlan(
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
        #expect(plan.lines.count == 1)
        #expect(plan.lines[0].hasSuffix("libdbus-1-dev:${CROSS_DEB_ARCH}"))
        #expect(!plan.lines[0].contains("#"))
        #expect(programs(plan)[0].environment.contains("CROSS_DEB_ARCH=arm64"))
    }

    // Files of a published image, and a stage of one's own; variables that the base image sets.
    @Test func staticLibrariesFromAnotherDistribution() throws {
        let plan = try projectPlan(
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
        #expect(plan.variable("MARCH") == "aarch64")
        #expect(plan.variable("LIBRARY_PATH") == "/usr/aarch64-linux-gnu/lib")
        #expect(plan.lines[2].hasSuffix("rustflags = [\"-Clink-arg=-lgcc\"]\nEOF"))
    }

    // A script that is mounted from an image and run where it is.
    @Test func aScriptOfAnotherImage() throws {
        let plan = try projectPlan(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE
            RUN --mount=type=bind,from=example/polyfill,source=/p.sh,target=/p.sh /p.sh
            ENV CROSS_SYSROOT=/
            """
        )
        let mount = try #require(programs(plan).first?.mounts.first)
        #expect(mount.kind == .bind(.image(try image("example/polyfill")), source: "/p.sh"))
        #expect(plan.lines == ["/p.sh"])
        #expect(plan.variable("CROSS_SYSROOT") == "/")
    }

    // A cache, a secret, and a stage that only another target needs.
    @Test func cachesAndSecretsWhileBuilding() throws {
        let plan = try projectPlan(
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
        #expect(plan.lines[1] == "set -e\necho one\n")
    }

    // A download with its digest, an archive of the project's, labels and what has no effect.
    @Test func downloadsArchivesAndNotes() throws {
        let digest = Digest.of(Array("x".utf8))
        let plan = try projectPlan(
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
