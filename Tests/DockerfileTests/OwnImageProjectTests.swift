// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

/// Dockerfiles upon an image of the project's own choice; written for this test, as in `ProjectTests`.
@Suite struct OwnImageProjectTests {
    // The older form of ENV, and a last line that ends with a continuation.
    @Test func foreignPackagesOnAFixedImage() throws {
        let plan = try projectPlan(
            """
            FROM rustembedded/cross:armv7-unknown-linux-gnueabihf

            ENV PKG_CONFIG_ALLOW_CROSS 1
            ENV PKG_CONFIG_PATH /usr/lib/arm-linux-gnueabihf/pkgconfig/

            RUN dpkg --add-architecture armhf && \\
                apt-get update && \\
                apt-get install -y libasound2-dev:armhf \\
            """
        )
        #expect(plan.variable("PKG_CONFIG_ALLOW_CROSS") == "1")
        #expect(
            plan.lines == [
                "dpkg --add-architecture armhf &&     apt-get update &&     apt-get install -y libasound2-dev:armhf"
            ]
        )
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
        let plain = try projectPlan(text)
        #expect(plain.stages[0].base == .image(try image("ubuntu:22.04")))
        #expect(plain.variable("PKG_CONFIG_PATH") == "/usr/lib//pkgconfig")
        let own = try projectPlan(
            text,
            ["BASE_IMAGE": "debian:12", "TRIPLE": "aarch64-linux-gnu", "OLD": "1"]
        )
        #expect(own.stages[0].base == .image(try image("debian:12")))
        #expect(own.variable("PKG_CONFIG_PATH") == "/usr/lib/aarch64-linux-gnu/pkgconfig")
        #expect(own.variable("CROSS_CMAKE_OBJECT_FLAGS") == "-ffunction-sections -fPIC")
        #expect(own.unusedArguments == ["OLD"])
    }

    // Quotes in the middle of words, values that use those in front, an entry point.
    @Test func aToolchainBuiltInStages() throws {
        let plan = try projectPlan(
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
        #expect(plan.variable("LINKER") == "x86_64-w64-mingw32-gcc-posix")
        #expect(plan.variable("OTHER_RUNNER") == "env -u X wine")
        #expect(plan.configuration.entrypoint == ["/entry.sh"])
        #expect(programs(plan).map(\.workingDirectory) == ["/cross/docker", "/cross/docker"])
    }

    // As cross-rs makes its own images: several files into `/`, everything into an empty root.
    @Test func anImageThatIsFlattened() throws {
        let plan = try projectPlan(
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
        #expect(plan.variable("PATH") == path)
    }

    // A variable in the name of a variable, and the platform by its arguments.
    @Test func namesMadeOfArguments() throws {
        let plan = try projectPlan(
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
        #expect(plan.variable("CROSS_TARGETARCH") == "amd64")
        #expect(plan.variable("CROSS_TARGETVARIANT") == "")
        #expect(plan.variable("CARGO_TARGET_X86_64_RUNNER") == "/native-runner")
    }
}
