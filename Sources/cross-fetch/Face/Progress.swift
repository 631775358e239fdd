// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCIRegistry
import OCIStore
import Synchronization

/// What the user sees of a fetch: one live line on a terminal; elsewhere a line per layer, or per
/// tenth of the whole where there are many.
final class Progress: Sendable {
    private struct Layer {
        let size: Int64
        /// What was there before this process asked for the first byte.
        var resumed: Int64?
        var received: Int64 = 0
        var unpacked: Int64 = 0
        var isPresent = false
    }

    private struct State {
        var layers: [Digest: Layer] = [:]
        /// How many tenths of the whole were announced.
        var tenths: Int64 = 0
        var ticker: Task<Void, Never>?
    }

    /// More lines than this are too many to read.
    private static let fewLayers = 40

    private let console: Console
    /// What a layer is called, in the plural.
    private let noun: String
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(_ console: Console, of noun: String = "layers") {
        self.console = console
        self.noun = noun
    }

    func begin(_ layers: [some MissingLayer]) {
        state.withLock { state in
            for layer in layers { state.layers[layer.blob] = Layer(size: layer.size) }
            guard console.isTerminal else { return }
            state.ticker = Task { [weak self] in
                while !Task.isCancelled {
                    self?.show()
                    try? await Task.sleep(for: .milliseconds(100))
                }
            }
        }
    }

    func end() {
        state.withLock { $0.ticker.take()?.cancel() }
        console.transient("")
    }

    /// So many bytes of the blob are on disk.
    func received(_ count: Int64, of layer: some MissingLayer) {
        state.withLock { state in
            let resumed = state.layers[layer.blob]?.resumed ?? count
            state.layers[layer.blob]?.resumed = min(resumed, count)
            state.layers[layer.blob]?.received = count
        }
    }

    /// So many bytes of the blob went through the decoder.
    func unpacked(_ count: Int64, of layer: some MissingLayer) {
        state.withLock { $0.layers[layer.blob]?.unpacked = count }
    }

    /// The layer is in the store.
    func present(_ layer: some MissingLayer) {
        let line = state.withLock { state in
            state.layers[layer.blob]?.isPresent = true
            return state.layers.count > Self.fewLayers
                ? Self.tenth(&state, noun) : Self.each(state, layer)
        }
        guard !console.isTerminal, let line else { return }
        console.status("Unpacked", line)
    }

    private static func each(_ state: State, _ layer: some MissingLayer) -> String {
        let done = state.layers.values.count(where: \.isPresent)
        return "\(layer.blob.hex.prefix(12)), \(bytes(layer.size)) (\(done)/\(state.layers.count))"
    }

    /// A line when another tenth of the bytes is there.
    private static func tenth(_ state: inout State, _ noun: String) -> String? {
        let total = state.layers.values.reduce(0) { $0 + $1.size }
        let there = state.layers.values.reduce(0) { $0 + ($1.isPresent ? $1.size : 0) }
        let tenths = there * 10 / max(1, total)
        guard tenths > state.tenths else { return nil }
        state.tenths = tenths
        let done = state.layers.values.count(where: \.isPresent)
        return "\(done) of \(state.layers.count) \(noun), \(bytes(there)) of \(bytes(total))"
    }

    /// Says something for good, in place of the live line.
    func say(_ words: (Console) -> Void) {
        console.transient("")
        words(console)
    }

    /// Shows a line until the next one; where there is no terminal, nothing.
    func show(_ line: String) {
        console.transient(line)
    }

    func materialising() {
        console.transient("             making the root filesystem")
    }

    func waiting(for holder: LockHolder) {
        // Two suites may have the same index, and two tasks of this process wait for each other.
        guard holder.pid != getpid() else { return }
        console.transient("")
        let who = holder.pid == 0 ? "another process" : "\(holder.command) (pid \(holder.pid))"
        console.status("Blocking", "waiting for \(who), which works on the same")
    }

    func note(_ notice: RegistryNotice) {
        console.transient("")
        switch notice {
        case .credentialsExposed(let path):
            console.warning("other users can read the credentials in \(path)")
        case .warning(let host, let text):
            console.warning("\(host): \(text)")
        case .retrying(_, let host, let attempt, let pause):
            console.detail("\(host): attempt \(attempt) in \(seconds(pause))")
        }
    }

    /// - Parameter what: the whole work is called.
    func finish(_ what: String) {
        console.transient("")
        let elapsed = ContinuousClock.now - start
        let received = state.withLock { $0.layers.values.reduce(0) { $0 + Self.fresh($1) } }
        let amount =
            received == 0
            ? "nothing to fetch" : "\(bytes(received)), \(bytes(rate(received, elapsed)))/s"
        console.status("Finished", "\(what) in \(seconds(elapsed)) (\(amount))")
    }

    /// What this process fetched, not an earlier one.
    private static func fresh(_ layer: Layer) -> Int64 {
        layer.received - (layer.resumed ?? 0)
    }

    private func show() {
        let layers = state.withLock { $0.ticker == nil ? nil : Array($0.layers.values) }
        guard let layers else { return }
        let total = layers.reduce(0) { $0 + $1.size }
        let there = layers.reduce(0) { $0 + ($1.isPresent ? $1.size : $1.received) }
        let done = layers.count(where: \.isPresent)
        var line = "             \(done)/\(layers.count) \(noun), "
        if there < total {
            let speed = rate(layers.reduce(0) { $0 + Self.fresh($1) }, ContinuousClock.now - start)
            line += "\(bytes(there)) of \(bytes(total)), \(bytes(speed))/s"
            if speed > 0 { line += ", \(seconds(.seconds((total - there) / speed))) left" }
        } else {
            let unpacked = layers.reduce(0) { $0 + ($1.isPresent ? $1.size : $1.unpacked) }
            line += "unpacking, \(unpacked * 100 / max(1, total)) %"
        }
        console.transient(line)
    }

    private func rate(_ count: Int64, _ elapsed: Duration) -> Int64 {
        let seconds = elapsed / .seconds(1)
        return seconds > 0 ? Int64(Double(count) / seconds) : 0
    }
}

/// `412 MiB`, `1.3 GiB`, `17 KiB`.
func bytes(_ count: Int64) -> String {
    var value = Double(count)
    var units = ["B", "KiB", "MiB", "GiB", "TiB"][...]
    while value >= 1024, units.count > 1 {
        value /= 1024
        units = units.dropFirst()
    }
    let isExact = value >= 10 || units.count == 5
    let tenths = Int((value * 10).rounded())
    return (isExact ? "\(Int(value.rounded()))" : "\(tenths / 10).\(tenths % 10)")
        + " \(units.first ?? "B")"
}

/// `6.1s`, `2m 05s`.
func seconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .milliseconds(100)).rounded())
    guard tenths >= 600 else { return "\(tenths / 10).\(tenths % 10)s" }
    let whole = tenths / 10
    return "\(whole / 60)m \(whole % 60 < 10 ? "0" : "")\(whole % 60)s"
}
