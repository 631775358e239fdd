// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

/// How far one layer has come.
struct LayerProgress {
    let name: String
    let size: Int64
    /// What was there before this process asked for the first byte.
    var resumed: Int64?
    var received: Int64 = 0
    var unpacked: Int64 = 0
    var isPresent = false

    init(name: String, size: Int64) {
        self.name = name
        self.size = size
    }

    var isUnderWay: Bool { !isPresent && (resumed != nil || unpacked > 0) }

    /// What this process fetched, not an earlier one.
    var fresh: Int64 { received - (resumed ?? 0) }

    private var isFetching: Bool { received < size }

    private static let barWidth = 24

    /// For a terminal: `    Fetching 1a2b3c4d5e6f [=====>    ] 12 MiB of 27 MiB`.
    var line: String {
        let count = isFetching ? received : unpacked
        let filled = Int(Int64(Self.barWidth) * max(0, min(count, size)) / max(1, size))
        let bar =
            String(repeating: "=", count: max(0, filled - 1)) + (filled > 0 ? ">" : "")
            + String(repeating: " ", count: Self.barWidth - filled)
        let verb = isFetching ? "Fetching" : "Unpacking"
        let padding = String(repeating: " ", count: 12 - verb.utf8.count)
        return "\(padding)\(verb) \(name) [\(bar)] \(bytes(count)) of \(bytes(size))"
    }

    /// For programs.
    func fields(_ blob: Digest) -> [(String, Console.ReportValue)] {
        [
            ("digest", .text("\(blob)")), ("name", .text(name)),
            ("step", .text(isPresent ? "done" : isFetching ? "fetching" : "unpacking")),
            ("size", .number(size)), ("received", .number(received)),
            ("unpacked", .number(unpacked)),
        ]
    }
}

/// How far all layers together have come.
struct WholeProgress {
    private let total: Int64
    private let there: Int64
    private let unpacked: Int64
    private let speed: Int64
    private let done: Int
    private let count: Int

    init(_ layers: some Collection<LayerProgress>, _ elapsed: Duration) {
        total = layers.reduce(0) { $0 + $1.size }
        there = layers.reduce(0) { $0 + ($1.isPresent ? $1.size : $1.received) }
        unpacked = layers.reduce(0) { $0 + ($1.isPresent ? $1.size : $1.unpacked) }
        done = layers.count(where: \.isPresent)
        count = layers.count
        speed = rate(layers.reduce(0) { $0 + $1.fresh }, elapsed)
    }

    /// Until all bytes are there, at this speed.
    private var left: Duration? {
        speed > 0 && there < total ? .seconds((total - there) / speed) : nil
    }

    /// For a terminal; the layers are called `noun`.
    func line(_ noun: String) -> String {
        var line = "             \(done)/\(count) \(noun), "
        guard there < total else {
            return line + "unpacking, \(unpacked * 100 / max(1, total)) %"
        }
        line += "\(bytes(there)) of \(bytes(total)), \(bytes(speed))/s"
        return line + (left.map { ", \(seconds($0)) left" } ?? "")
    }

    /// For programs.
    var fields: [(String, Console.ReportValue)] {
        [
            ("count", .number(Int64(count))), ("done", .number(Int64(done))),
            ("size", .number(total)), ("received", .number(there)),
            ("unpacked", .number(unpacked)), ("bytesPerSecond", .number(speed)),
        ] + (left.map { [("secondsLeft", .number($0.components.seconds))] } ?? [])
    }
}
