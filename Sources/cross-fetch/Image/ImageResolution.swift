// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIRegistry
import OCIStore

/// From a reference, and perhaps what it was locked to, to an image at its registry.
struct ImageResolution {
    let reference: ImageReference
    let platform: Platform
    /// What the reference must stand for; `nil` where that is for its registry to say.
    let lock: ImageLock?
    let configuration: RegistryClient.Configuration

    /// Asks the registry; nothing of a layer is fetched.
    ///
    /// What is locked is asked for by its manifest's digest. A mirror that has encoded the image
    /// anew does not have that one: there the reference is asked for, and the layers' contents and
    /// the settings must be those that were locked.
    ///
    /// - Returns: the image, and the way to its layers.
    /// - Throws: `PullError.registry`, or `.notAsLocked`.
    func image() async throws(PullError) -> (route: RegistryRoute, image: ResolvedImage) {
        guard let lock else { return try await ask(reference) }
        let answer: (route: RegistryRoute, image: ResolvedImage)
        do throws(PullError) {
            answer = try await ask(reference.pinned(to: lock.manifest))
        } catch .registry(let error) where error.isOfAbsence && reference.tag != nil {
            answer = try await ask(reference)
        }
        guard lock.accepts(diffIDs: answer.image.diffIDs, answer.image.configuration) else {
            throw .notAsLocked(
                reference,
                locked: lock.manifest,
                found: answer.image.manifest.digest
            )
        }
        return answer
    }

    private func ask(
        _ reference: ImageReference
    ) async throws(PullError) -> (route: RegistryRoute, image: ResolvedImage) {
        try await waiting(PullError.registry) { () async throws(RegistryError) in
            let (image, route) = try await RegistryRoute(
                to: reference,
                configuration: configuration
            ).resolve(platform: platform)
            return (route, image)
        }
    }
}

extension RegistryError {
    /// Whether the registry has no such document, or another one in its place.
    fileprivate var isOfAbsence: Bool {
        switch self {
        case .missing, .digestMismatch: true
        default: false
        }
    }
}

extension ImageLock {
    /// Locks what was resolved.
    init(_ image: ResolvedImage) {
        self.init(
            index: image.index,
            manifest: image.manifest.digest,
            configuration: image.configurationDigest,
            settings: image.configuration.settings,
            diffIDs: image.diffIDs
        )
    }
}
