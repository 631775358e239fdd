// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import SystemPackage

extension RootfsManifest {
    /// The manifest of a target.
    ///
    /// - Parameters:
    ///   - target: of the user's.
    ///   - library: where manifests are.
    ///   - withZig: whether zig compiles and links, in place of the target's own compilers.
    /// - Returns: `nil` where there is none.
    /// - Throws: `ManifestError`.
    static func find(
        _ target: Target,
        in library: ManifestLibrary,
        withZig: Bool = false
    ) throws(ManifestError) -> RootfsManifest? {
        let own = try library.document(target.triple)
        let zig = try withZig ? library.document("families/cargo-zigbuild") : nil
        guard var document = own ?? zig.map({ ManifestDocument(file: $0.file) }) else { return nil }
        if let zig {
            // Without packages for the target there is zig's image alone.
            let debian = document.entries["debian"]?.table
            let hasRecipe = debian != nil && debian?["unavailable"] == nil
            document.add(zig.entries.filter { hasRecipe || $0.key == "image" })
        }
        document.expand(triple: target.triple)
        return try RootfsManifest(document)
    }

    /// Reads a manifest; a key that means nothing is an error.
    init(_ document: ManifestDocument) throws(ManifestError) {
        var top = ManifestTable(document.entries, file: document.file)
        for name in ["prefix", "suffix", "sysroot"] { _ = try top.string(name) }
        isTested = try top.boolean("tested") ?? true
        reason = try top.string("reason")
        if var image = try top.table("image") {
            self.image = PublishedImage(
                reference: try image.required("reference"),
                platform: try image.required("platform"),
                variants: try image.strings("variants") ?? []
            )
            try image.finish()
        }
        if var emulator = try top.table("emulator") {
            self.emulator.name = try emulator.string("name")
            self.emulator.runner = try emulator.string("runner")
            self.emulator.threads = try emulator.strings("threads") ?? []
            if var machine = try emulator.table("machine") {
                self.emulator.machine = try Machine(&machine)
            }
            try emulator.finish()
        }
        let files = try Recipe.File.read(top.tables("file"))
        if var debian = try top.table("debian") {
            unavailable = try debian.string("unavailable")
            if unavailable == nil { self.debian = try DebianManifest(&debian, files: files) }
            try debian.finish()
        }
        if var environment = try top.table("environment") {
            self.environment = try environment.allStrings()
        }
        for name in try top.strings("unset") ?? [] { environment[name] = nil }
        try top.finish()
    }
}

extension RootfsManifest.Machine {
    /// Its command is part of the file's text by now.
    fileprivate init(_ table: inout ManifestTable) throws(ManifestError) {
        _ = try table.required("command")
        packages = try table.strings("packages") ?? []
        files = try Recipe.File.read(table.tables("file"))
        try table.finish()
    }
}

extension Recipe.File {
    fileprivate static func read(_ tables: [ManifestTable]) throws(ManifestError) -> [Recipe.File] {
        try tables.map { (file) throws(ManifestError) in
            var file = file
            let result = Recipe.File(
                path: try file.required("path"),
                mode: UInt32(clamping: try file.integer("mode") ?? 0o644),
                text: try file.required("text")
            )
            try file.finish()
            return result
        }
    }
}

extension DebianManifest {
    fileprivate init(
        _ table: inout ManifestTable,
        files: [Recipe.File]
    ) throws(ManifestError) {
        architecture = try table.string("architecture")
        suite = try table.required("suite")
        packages = try table.strings("packages") ?? []
        buildStd = try table.strings("build-std")
        self.files = files
        additions = try table.tables("additions").map { (addition) throws(ManifestError) in
            var addition = addition
            let result = Recipe.Addition(
                suite: try addition.required("suite"),
                packages: try addition.strings("packages") ?? []
            )
            try addition.finish()
            return result
        }
        wheels = try table.tables("wheels").map { (wheel) throws(ManifestError) in
            var wheel = wheel
            let result = PlatformWheel(
                platform: try wheel.required("platform"),
                wheel: Recipe.Wheel(
                    name: try wheel.required("name"),
                    version: try wheel.required("version"),
                    digest: try wheel.digest("sha256"),
                    directory: try wheel.required("into")
                )
            )
            try wheel.finish()
            return result
        }
        guard var hosts = try table.table("on") else { return }
        for architecture in hosts.names {
            guard var host = try hosts.table(architecture) else { continue }
            variations[architecture] = Variation(
                suite: try host.string("suite"),
                packages: try host.strings("packages") ?? [],
                without: try host.strings("without") ?? []
            )
            try host.finish()
        }
    }
}
