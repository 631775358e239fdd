// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/environment_variables.md, how its boolean variables are read.

/// A boolean in the environment: `false`, `0` and nothing mean no, everything else yes.
struct Truth {
    let value: Bool

    init(_ text: String) {
        value = !text.isEmpty && text != "false" && Int(text) != 0
    }
}
