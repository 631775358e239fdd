// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import FoundationEssentials
import OCIStore
import SystemPackage

/// The part of a project's `Cross.lock` that is about the images a target is built in.
struct LockedImages {
    /// Whether the target has no other image than the one that is locked.
    let isOnlyImage: Bool
    private let file: LockedFile
    private let target: Target
    private let answers: Answers

    /// The file beside the workspace's manifest.
    init(_ root: WorkspaceRoot, _ target: Target, isOnlyImage: Bool, _ host: Host) {
        self.isOnlyImage = isOnlyImage
        self.target = target
        file = LockedFile(root)
        answers = Answers(host)
    }

    /// What the file says of a reference.
    struct Entry: Codable {
        let lock: ImageLock
        /// Whether the target is among those that are built in it.
        let namesTarget: Bool
    }

    /// What a reference is locked to, for which targets whatever.
    ///
    /// - Returns: `nil` where the file has nothing for it.
    /// - Throws: `CrossLockError`.
    func lock(_ image: ImageSource) throws(CrossLockError) -> ImageLock? {
        try entry(image)?.lock
    }

    /// What the file says of a reference.
    ///
    /// The file may be long and a warm run needs nothing else of it, so the answer is kept.
    ///
    /// - Returns: `nil` where the file has nothing for it.
    /// - Throws: `CrossLockError`.
    func entry(_ image: ImageSource) throws(CrossLockError) -> Entry? {
        let question = [
            "image lock", file.path.string, image.reference.description,
            image.platform.description, target.triple,
        ]
        if let known = answers.answer(question, as: [Entry].self) { return known.first }
        let input = AnswerInput.file(file.path)
        let started = Date()
        let known = try file.read().image(image.reference, image.platform.description)
        let entry = known.map {
            Entry(lock: $0.lock, namesTarget: $0.targets.contains(target.triple))
        }
        if !input.changed(after: started) {
            answers.keep(entry.map { [$0] } ?? [], to: question, inputs: [input])
        }
        return entry
    }

    /// Writes what a reference stands for, where the file says something else.
    ///
    /// A project that cannot be written to is built all the same, and only where this is news, just
    /// found out, with a warning.
    func keep(_ lock: ImageLock, of image: ImageSource, isNews: Bool, _ console: Console) {
        let platform = image.platform.description
        file.change("\(image.reference)", isNews: isNews, console) { known in
            known.set(lock, of: image.reference, platform, for: target.triple)
            if isOnlyImage { known.keepOnly(image.reference, platform, of: target.triple) }
        }
    }
}
