// SPDX-License-Identifier: MIT OR Apache-2.0

/// What `cross` says of itself where no cargo is there to speak.
enum Usage {
    static let text = """
        Cross-compile and cross-test Rust crates, with cargo's own command line

        Usage: cross [+toolchain] [OPTIONS] <COMMAND> [--target <TRIPLE>] [ARGS]

        Commands that run in the target's root filesystem:
            build, b      check, c      test, t      run, r      bench
            doc, d        clippy        rustc        rustdoc     metadata
        Every other command is the host's own cargo's.

        The image of a target is set in Cross.toml; `cross-util pull` fetches one ahead of time.
        """
}
