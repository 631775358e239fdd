// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import FoundationEssentials
import OCIStore
import RootfsRecipe
import SystemPackage

/// The part of a project's `Cross.lock` that is about one recipe.
struct ProjectLock {
    private let file: LockedFile
    private let source: RecipeSource
    private let answers: Answers

    /// The file beside the workspace's manifest.
    init(_ root: WorkspaceRoot, _ source: RecipeSource, _ host: Host) {
        file = LockedFile(root)
        self.source = source
        answers = Answers(host)
    }

    /// The digest of what the recipe is locked to.
    ///
    /// The file is long and a warm run needs nothing else of it, so the answer is kept.
    ///
    /// - Returns: `nil` where the file has nothing for it, or only for an older recipe.
    /// - Throws: `CrossLockError`.
    func digest() throws(CrossLockError) -> Digest? {
        let question = [
            "lock", file.path.string, source.recipe.digest.description, source.target.triple,
        ]
        if let known = answers.answer(question, as: [Digest].self) { return known.first }
        let input = AnswerInput.file(file.path)
        let started = Date()
        let lock = try content()
        let digest = lock?.recipe == source.recipe.digest ? lock?.digest : nil
        if !input.changed(after: started) {
            answers.keep(digest.map { [$0] } ?? [], to: question, inputs: [input])
        }
        return digest
    }

    /// What the file says of the target, up to date or not.
    ///
    /// - Throws: `CrossLockError`.
    func content() throws(CrossLockError) -> RecipeLock? {
        try file.read().lock(source.target.triple, source.recipe.platform.description)
    }

    /// Writes what the recipe was resolved to, where the file says something else.
    ///
    /// A project that cannot be written to is built all the same, and only where this is news, just
    /// found out, with a warning.
    func keep(_ lock: RecipeLock, isNews: Bool, _ console: Console) {
        let platform = source.recipe.platform.description
        let entry = CrossLock.Entry(target: source.target.triple, platform: platform, lock: lock)
        file.change("\(lock.packages.count) packages", isNews: isNews, console) { known in
            if known.lock(source.target.triple, platform) != lock { known.set(entry) }
        }
    }
}
