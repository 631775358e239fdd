// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import Foundation
import OCIStore
import SystemPackage
import Testing

@testable import cross

/// Dockerfiles, built on a small root filesystem, each step in a sandbox.
@Suite struct ImageBuildTests: ~Copyable {
    private let ground: BuildGround

    init() throws { ground = try BuildGround() }

    @Test func stepsRunOnTopOfEachOtherWithTheirVariables() throws {
        let image = try ground.build(
            """
            ARG CROSS_BASE_IMAGE
            FROM $CROSS_BASE_IMAGE
            ARG CROSS_DEB_ARCH
            ENV GREETING="hello $FROM_BASE"
            WORKDIR /made/inner
            RUN echo $GREETING $CROSS_DEB_ARCH >said && id -u >>said && chmod 600 said
            RUN ["/bin/sh", "-c", "cat said said >/twice"]
            RUN <<EOF
            echo one >/document
            cat /twice >>/document
            EOF
            ENTRYPOINT ["/bin/sh"]
            """
        )
        #expect(try ground.content(image, "made/inner/said") == "hello 1 arm64\n0\n")
        #expect(
            try ground.content(image, "document") == "one\nhello 1 arm64\n0\nhello 1 arm64\n0\n"
        )
        #expect(image.configuration.workingDirectory == "/made/inner")
        #expect(image.configuration.entrypoint == ["/bin/sh"])
        #expect(image.record?.layers.count == ground.steps.base.layers.count + 4)
    }

    @Test func filesOfTheContextAreCopiedLessWhatIsIgnored() throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700],
            ofItemAtPath: ground.context.appending("src").string
        )
        let image = try ground.build(
            """
            FROM base
            COPY . /all/
            COPY --chmod=0700 src/lib.rs run.sh /some/
            COPY src /made
            COPY run.sh /renamed
            COPY <<EOF /etc/note
            for $FROM_BASE
            EOF
            RUN /renamed it >/output
            """
        )
        #expect(try ground.content(image, "all/src/bin/x.rs") == "x")
        #expect(try !ground.exists(image, "all/target"))
        #expect(try ground.mode(image, "some/lib.rs") == 0o700)
        #expect(try ground.mode(image, "renamed") == 0o755)
        #expect(try ground.mode(image, "made") == 0o755)
        #expect(try ground.mode(image, "all/src") == 0o700)
        #expect(try ground.content(image, "etc/note") == "for 1\n")
        #expect(try ground.content(image, "output") == "run it\n")
    }

    @Test func stagesGiveTheirFiles() throws {
        let image = try ground.build(
            """
            FROM base AS one
            RUN mkdir /made && echo made >/made/file && ln -s made /link
            FROM base AS unused
            RUN false
            FROM scratch
            COPY --from=one /link/file /here/
            COPY --from=0 /made /there
            """
        )
        #expect(try ground.content(image, "here/file") == "made\n")
        #expect(try ground.content(image, "there/file") == "made\n")
        #expect(try !ground.exists(image, "bin"))
    }

    // What is copied through a link of the image lands where the link leads, and nowhere else.
    @Test func destinationsFollowTheImagesLinks() throws {
        let image = try ground.build(
            """
            FROM base
            RUN mkdir -p /usr/lib && ln -s usr/lib /lib && ln -s /../../outside /out
            COPY run.sh /lib/
            COPY src /lib/src
            COPY run.sh /out
            """
        )
        #expect(try ground.content(image, "usr/lib/src/lib.rs") == "lib")
        #expect(try ground.exists(image, "usr/lib/run.sh"))
        let outside = ground.steps.directory.path.appending("outside").string
        #expect(!FileManager.default.fileExists(atPath: outside))
    }

    @Test func anUnchangedStepIsNotDoneAgain() throws {
        // A random number tells two runs apart.
        let text = """
            FROM base
            COPY src /src
            RUN cat /proc/sys/kernel/random/uuid >/first
            ARG LATER
            RUN cat /proc/sys/kernel/random/uuid >/second
            """
        let first = try ground.build(text)
        #expect(try ground.build("# a comment\n\(text)") == first)
        try ground.file("run.sh", "elsewhere")
        #expect(try ground.build(text) == first)
        let later = try ground.build(text, ["LATER": "1"])
        #expect(try ground.content(later, "first") == ground.content(first, "first"))
        #expect(try ground.content(later, "second") != ground.content(first, "second"))
        try ground.file("src/lib.rs", "new")
        let changed = try ground.build(text)
        #expect(try ground.content(changed, "first") != ground.content(first, "first"))
    }

    @Test func mountsAreThereAndLeaveNothing() throws {
        let image = try ground.build(
            """
            FROM base AS one
            RUN echo one >/one
            FROM base
            RUN --mount=type=bind,source=src,target=/mnt/src --mount=from=one,source=/one,target=/mnt/one \\
                --mount=type=tmpfs,target=/mnt/tmp --mount=type=secret,id=key,env=KEY \\
                --mount=type=secret,id=key,target=/mnt/key --mount=type=bind,target=/mnt/context,rw \\
                cat /mnt/src/lib.rs /mnt/one /mnt/key >/said; echo $KEY >>/said; \\
                touch /mnt/tmp/x; echo dropped >/mnt/context/run.sh; find /mnt/context >/listing
            """,
            secrets: ["key": Array("secret\n".utf8)]
        )
        #expect(try ground.content(image, "said") == "libone\nsecret\nsecret\n")
        #expect(try !ground.content(image, "listing").contains("target"))
        #expect(try !ground.exists(image, "mnt/one"))
        let script = ground.context.appending("run.sh").string
        #expect(try String(contentsOfFile: script, encoding: .utf8).contains("echo run"))
    }

    @Test func aFailureNamesTheLine() throws {
        #expect {
            _ = try ground.build("FROM base\nRUN true\nRUN echo x && \\\n  exit 7\n")
        } throws: { error in
            guard case StepError.failed(let failure) = error else { return false }
            return failure.end == .status(7) && failure.place?.hasSuffix("Dockerfile:3:1") == true
        }
        let place = DockerfilePlace(
            file: ground.steps.directory.path.appending("Dockerfile"),
            location: .init(line: 2, column: 1)
        )
        #expect(
            try ground.refusal("FROM base\nCOPY nothing /x")
                == .context(place, .notFound("nothing"))
        )
        #expect(
            try ground.refusal("FROM base\nCOPY target /x") == .context(place, .notFound("target"))
        )
        #expect(try ground.refusal("FROM base\nCOPY run.sh /bin/sh/x") != nil)
        #expect(
            try ground.refusal("FROM base\nCOPY --chown=nobody run.sh /x")
                == .owner(place, "nobody")
        )
        #expect(try ground.refusal("FROM scratch\nRUN true") == .emptyRoot(place))
        #expect(
            try ground.refusal("FROM base\nRUN --mount=type=secret,id=k,required true")
                == .secret(place, "k")
        )
    }

    @Test func everyRefusalHasWords() throws {
        for text in [
            "", "FOO", "RUN x", "FROM base\nENV A", "FROM $X", "FROM base\nCOPY nothing /x",
            "FROM base\nRUN --mount=type=ssh x", "FROM base\nADD https://x/y.git /z",
            "FROM base AS 1",
            "FROM base\nCOPY src/lib.rs run.sh /nowhere", "FROM scratch\nRUN x",
            "FROM base\nENV A=${B",
        ] {
            let explanation = Explanation(of: try #require(try ground.refusal(text), "\(text)"))
            #expect(explanation.text.contains("Dockerfile:"), "\(explanation.text)")
            #expect(!explanation.text.contains("Fault"), "\(explanation.text)")
            #expect(explanation.status == 125)
        }
    }

    @Test func aNameInTheStoreStandsForWhatWasBuilt() throws {
        let image = try ground.build("FROM base\nRUN echo x >/x\nENV A=1\n")
        let name = try ImageReference("localhost/mine:1")
        try ground.steps.store.keep(image, as: name, platform: .host)
        let known = try #require(try ground.steps.store.image(name, platform: .host))
        #expect(known.configuration.environment.contains("A=1"))
        #expect(known.diffIDs == image.record?.layers)
    }
}
