// SPDX-License-Identifier: MIT OR Apache-2.0

/// What was noticed while a layer was unpacked.
public struct LayerSummary: Hashable, Sendable {
    /// How many entries the archive has.
    public internal(set) var entries = 0
    /// How many of them are devices, which are written down but never made.
    public internal(set) var devices = 0
}
