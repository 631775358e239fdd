// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIRegistry
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

/// A blob of 100,000 bytes, and the file that it is to be fetched into.
struct BlobGround {
    let image = ImageFixture(layerSizes: [100_000])
    let directory: TemporaryDirectory
    let file: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        file = directory.path.appending("blob")
    }

    var bytes: [UInt8] { image.layers[0] }
    var blob: Descriptor { image.descriptors[0] }

    func fetch(from server: ScriptedServer) async throws {
        try await RegistryClient.of(server).fetch(blob, into: file)
    }

    /// What is in the file.
    var fetched: [UInt8] {
        get throws { try directory.read(file) }
    }

    /// Whether any of it was kept.
    var hasBytes: Bool { (try? fetched).map { !$0.isEmpty } ?? false }

    /// Why nothing is fetched.
    func failure(_ server: ScriptedServer) async -> RegistryError? {
        await #expect(throws: RegistryError.self) { try await fetch(from: server) }
    }
}
