// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import FoundationEssentials
import OCIStore
import RootfsRecipe
import SystemPackage

/// The part of a project's `Cross.lock` that is about one recipe.
struct ProjectLock {
    private let file: FilePath
    private let source: RecipeSource
    private let answers: Answers

    /// The file beside the workspace's manifest.
    init(_ root: WorkspaceRoot, _ source: RecipeSource, _ host: Host) {
        file = Self.path(root)
        self.source = source
        answers = Answers(host)
    }

    /// The targets that a project's lock is about, on this kind of host.
    ///
    /// - Throws: `CrossLockError`.
    static func targets(_ root: WorkspaceRoot) throws(CrossLockError) -> [String] {
        try CrossLock.read(path(root)).entries
            .filter { $0.platform == Platform.host.description }.map(\.target)
    }

    private static func path(_ root: WorkspaceRoot) -> FilePath {
        root.directory.appending("Cross.lock")
    }

    /// The digest of what the recipe is locked to.
    ///
    /// The file is long and a warm run needs nothing else of it, so the answer is kept.
    ///
    /// - Returns: `nil` where the file has nothing for it, or only for an older recipe.
    /// - Throws: `CrossLockError`.
    func digest() throws(CrossLockError) -> Digest? {
        let input = AnswerInput.file(file)
        let question = [
            "lock", file.string, source.recipe.digest.description, source.target.triple,
        ]
        if let known = answers.answer(question, as: [Digest].self) { return known.first }
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
        try CrossLock.read(file).lock(source.target.triple, source.recipe.platform.description)
    }

    /// Writes what the recipe was resolved to, where the file says something else.
    ///
    /// A project that cannot be written to is built all the same, with a warning.
    func keep(_ lock: RecipeLock, _ console: Console) {
        guard var known = try? CrossLock.read(file) else { return }
        let platform = source.recipe.platform.description
        guard known.lock(source.target.triple, platform) != lock else { return }
        known.set(.init(target: source.target.triple, platform: platform, lock: lock))
        do {
            try Data(known.text.utf8).write(to: URL(filePath: file.string), options: .atomic)
            console.status("Locking", "\(lock.packages.count) packages in \(file)")
        } catch {
            console.warning("cannot write `\(file)`: what was resolved is only in the store")
        }
    }
}
