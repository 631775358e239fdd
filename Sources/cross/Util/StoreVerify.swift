// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore

extension StoreCommands {
    /// `cross-util store verify`.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hashes everything in the store and names what is damaged; ends with 1 then."
        )

        @Option(help: "How: human or json.")
        var format: Format = .human

        @OptionGroup var speech: SpeechOptions

        mutating func run() throws {
            let host = try Host.current()
            let console = speech.console(host)
            let check = try Store.ofUser(host).check(console)
            if format == .json {
                StandardOutput.write(try String(json: CheckFacts(check)))
            } else {
                check.damages.forEach { StandardOutput.write($0.words) }
                console.status("Verified", check.summary)
            }
            guard check.damages.isEmpty else {
                if format == .human { console.note("`cross-util store repair` mends it") }
                throw ExitCode(1)
            }
        }
    }

    /// `cross-util store repair`.
    struct Repair: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes what is damaged, and fetches or makes it again."
        )

        @Flag(help: "Fetch nothing: the next build does.")
        var offline = false

        @OptionGroup var speech: SpeechOptions

        mutating func run() throws {
            let host = try Host.current()
            let console = speech.console(host)
            let store = try Store.ofUser(host)
            let check = try store.check(console)
            console.status("Verified", check.summary)
            guard !check.damages.isEmpty else { return }
            guard let repair = try store.repair(check) else {
                console.warning("another process fills the store; run this again when it has ended")
                throw ExitCode(1)
            }
            repair.removed.forEach { console.status("Removed", "\($0)") }
            if repair.remade > 0 {
                console.status("Remade", "\(repair.remade) root filesystems of their layers")
            }
            if !offline { try fetch(repair.images, host, console) }
            guard repair.inUse.isEmpty else {
                for path in repair.inUse {
                    console.warning("\(path) is damaged and in use; run this again afterwards")
                }
                throw ExitCode(1)
            }
        }

        private func fetch(
            _ images: [StoredImage],
            _ host: Host,
            _ console: Console
        ) throws {
            for image in images {
                // The name of a record has it as `os-architecture` or `os-architecture-variant`.
                guard let platform = Platform(parts: image.platform.split(separator: "-"))
                else { continue }
                let source = ImageSource(reference: image.reference, platform: platform)
                try source.fetch(ImageLock(image.record), host, console)
            }
        }
    }
}

extension Store {
    /// Looks at everything, and says how far that is.
    fileprivate func check(_ console: Console) throws(StoreError) -> StoreCheck {
        var shown: Int64 = 0
        let check = try check { bytes in
            guard bytes - shown > 64 << 20 else { return }
            shown = bytes
            console.transient("             \(ByteCount.text(bytes)) verified")
        }
        console.transient("")
        return check
    }
}

extension StoreCheck {
    fileprivate var summary: String {
        "\(objects) files, \(layers) layers, \(trees) root filesystems, \(records) records, "
            + "\(ByteCount.text(bytes)): \(damages.count) damaged"
            + (unreadable == 0 ? "" : ", \(unreadable) files that you may not read left out")
    }
}

/// What was found, for programs.
private struct CheckFacts: Encodable {
    struct Damage: Encodable {
        let path: String
        let what: String
    }

    let records: Int
    let layers: Int
    let files: Int
    let rootfs: Int
    let bytes: Int64
    let unreadable: Int
    let unowned: Int
    let damages: [Damage]

    init(_ check: StoreCheck) {
        records = check.records
        layers = check.layers
        files = check.objects
        rootfs = check.trees
        bytes = check.bytes
        unreadable = check.unreadable
        unowned = check.unowned
        damages = check.damages.map { Damage(path: "\($0.path)", what: $0.words) }
    }
}
