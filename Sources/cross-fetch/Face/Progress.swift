// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCIRegistry
import OCIStore
import Synchronization

/// What the user sees of a fetch: on a terminal a live line for each layer under way and one for the
/// whole; elsewhere a line per layer, or per tenth of the whole where there are many; for programs,
/// JSON.
final class Progress: Sendable {
    private struct State {
        var layers: [Digest: LayerProgress] = [:]
        /// How many tenths of the whole were announced.
        var tenths: Int64 = 0
        var ticker: Task<Void, Never>?
        var isDevicesToldOf = false
        /// Whom was waited for.
        var holders: Set<LockHolder> = []
    }

    /// More lines than this are too many to read.
    private static let fewLayers = 40
    /// More than these under way at once are only counted.
    private static let mostLines = 8

    private let console: Console
    private let form: ProgressForm
    private let live: LiveLines
    /// What a layer is called, in the plural.
    private let noun: String
    private let start = ContinuousClock.now
    /// Held while something is written, so that nothing is written among the live lines.
    private let state = Mutex(State())

    init(_ console: Console, of noun: String = "layers") {
        self.console = console
        self.noun = noun
        live = LiveLines(console)
        form = .resolved(console.progress, isTerminal: console.isTerminal)
    }

    func begin(_ layers: [some MissingLayer]) {
        state.withLock { state in
            for layer in layers {
                state.layers[layer.blob] = LayerProgress(name: layer.name, size: layer.size)
            }
            guard form == .tty || form == .json, console.verbosity > .quiet else { return }
            let pause = Duration.milliseconds(form == .tty ? 100 : 500)
            state.ticker = Task { [weak self] in
                while !Task.isCancelled {
                    self?.show()
                    try? await Task.sleep(for: pause)
                }
            }
        }
    }

    func end() {
        state.withLock { state in
            state.ticker.take()?.cancel()
            live.clear()
        }
    }

    /// A layer has so many devices, which nobody makes; said once, however many layers have some.
    func leftOut(devices: Int) {
        guard devices > 0 else { return }
        let isFirst = state.withLock { state in
            defer { state.isDevicesToldOf = true }
            return !state.isDevicesToldOf
        }
        guard isFirst else { return }
        say { $0.warning("the image has device files, which are left out") }
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
        state.withLock { state in
            state.layers[layer.blob]?.isPresent = true
            guard console.verbosity > .quiet else { return }
            switch form {
            case .json: report(layer.blob, state)
            case .plain:
                let line =
                    state.layers.count > Self.fewLayers
                    ? Self.tenth(&state, noun) : Self.each(state, layer)
                if let line { console.status("Unpacked", line) }
            case .auto, .tty, .none: break
            }
        }
    }

    private static func each(_ state: State, _ layer: some MissingLayer) -> String {
        let done = state.layers.values.count(where: \.isPresent)
        return "\(layer.name), \(bytes(layer.size)) (\(done)/\(state.layers.count))"
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

    /// Says something for good, in place of the live lines.
    func say(_ words: (Console) -> Void) {
        state.withLock { _ in
            live.clear()
            words(console)
        }
    }

    /// Shows a line until the next one; where there is no terminal, nothing.
    func show(_ line: String) {
        guard form == .tty, console.verbosity > .quiet else { return }
        live.show([line])
    }

    func materialising() { show("             making the root filesystem") }

    func waiting(for holder: LockHolder) {
        // Two suites may have the same index, and two tasks of this process wait for each other.
        guard holder.pid != getpid() else { return }
        // Two builds may have a hundred packages in common.
        guard state.withLock({ $0.holders.insert(holder).inserted }) else { return }
        let who = holder.pid == 0 ? "another process" : "\(holder.command) (pid \(holder.pid))"
        say { $0.status("Blocking", "waiting for \(who), which works on the same") }
    }

    func note(_ notice: RegistryNotice) {
        say { console in
            switch notice {
            case .credentialsExposed(let path):
                console.warning("other users can read the credentials in \(path)")
            case .warning(let host, let text):
                console.warning("\(host): \(text)")
            case .elsewhere(let host, let error, let next):
                console.detail("\(host): \(Explanation(of: error).what); asking \(next)")
            case .retrying(_, let host, let attempt, let pause):
                console.detail("\(host): attempt \(attempt) in \(seconds(pause))")
            }
        }
    }

    /// - Parameter what: the whole work is called.
    func finish(_ what: String) {
        let elapsed = ContinuousClock.now - start
        let received = state.withLock { $0.layers.values.reduce(0) { $0 + $1.fresh } }
        let amount =
            received == 0
            ? "nothing to fetch" : "\(bytes(received)), \(bytes(rate(received, elapsed)))/s"
        say { $0.status("Finished", "\(what) in \(seconds(elapsed)) (\(amount))") }
    }

    private func show() {
        state.withLock { state in
            guard state.ticker != nil else { return }
            let whole = WholeProgress(state.layers.values, ContinuousClock.now - start)
            if form == .json {
                for (blob, layer) in state.layers where layer.isUnderWay { report(blob, state) }
                return console.report("total", whole.fields)
            }
            let busy = state.layers.values.filter(\.isUnderWay).sorted { $0.size > $1.size }
            let room = max(0, min(Self.mostLines, console.height - 2))
            live.show(busy.prefix(room).map(\.line) + [whole.line(noun)])
        }
    }

    /// One layer, for programs.
    private func report(_ blob: Digest, _ state: borrowing State) {
        guard let layer = state.layers[blob] else { return }
        console.report("layer", layer.fields(blob))
    }
}
