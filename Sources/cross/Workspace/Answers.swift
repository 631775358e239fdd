// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto
import FoundationEssentials
import SystemPackage

/// Answers of programs that are slow to ask, kept with everything they depended on.
///
/// One file per question in `$XDG_CACHE_HOME/cross/answers`. An answer counts only while each input
/// is what it was; where the directory cannot be written nothing is kept and nothing is lost.
struct Answers {
    private let directory: FilePath?

    /// Answers kept for the given user.
    init(_ host: Host) {
        directory = host.cacheDirectory?.appending("answers")
    }

    /// The answer that was kept to a question.
    ///
    /// - Parameters:
    ///   - question: everything that was said to the program, environment included.
    ///   - as: what the answer is.
    /// - Returns: `nil` where there is none or an input has changed.
    func answer<Answer: Codable>(_ question: [String], as: Answer.Type) -> Answer? {
        guard let path = path(question), let text = try? TextFile.read(path),
            let kept = try? JSONDecoder().decode(Kept<Answer>.self, from: Data(text.utf8)),
            kept.inputs.allSatisfy({ $0.isUnchanged })
        else { return nil }
        return kept.answer
    }

    /// Keeps an answer.
    ///
    /// - Parameters:
    ///   - answer: what the program said.
    ///   - question: as for `answer(_:as:)`.
    ///   - inputs: the state, *before* the program ran, of everything it read.
    func keep<Answer: Codable>(_ answer: Answer, to question: [String], inputs: [AnswerInput]) {
        guard let directory, let path = path(question),
            let data = try? JSONEncoder().encode(Kept(answer: answer, inputs: inputs))
        else { return }
        let mode = FilePermissions.ownerReadWriteExecute
        guard (try? Directory.create(directory, mode: mode)) != nil else { return }
        // Data writes atomically through a temporary file beside the destination.
        try? data.write(to: URL(filePath: path.string), options: .atomic)
    }

    private func path(_ question: [String]) -> FilePath? {
        var hash = SHA256()
        for part in question {
            hash.update(data: Array(part.utf8) + [0])
        }
        let name = hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return directory?.appending(name.joined() + ".json")
    }

    private struct Kept<Answer: Codable>: Codable {
        let answer: Answer
        let inputs: [AnswerInput]
    }
}

/// Something on disk that an answer depends on.
enum AnswerInput: Codable, Equatable {
    /// A file or directory, or its absence.
    case file(String, FileIdentity?)
    /// The paths that a pattern stands for.
    case pattern(String, [String])

    /// The present state of a path.
    static func file(_ path: FilePath) -> AnswerInput {
        .file(path.string, FileIdentity(of: path))
    }

    /// The present matches of a pattern.
    static func pattern(_ pattern: FilePath) -> AnswerInput {
        .pattern(pattern.string, Glob.matches(pattern.string))
    }

    /// Whether it is a file that was written since a moment, or so shortly before that the kernel's
    /// clock cannot tell.
    func changed(after moment: Date) -> Bool {
        guard case .file(_, let identity?) = self else { return false }
        return identity.lastChange > moment - 0.02
    }

    /// Whether it is still what it was.
    var isUnchanged: Bool {
        switch self {
        case .file(let path, let identity): FileIdentity(of: FilePath(path)) == identity
        case .pattern(let pattern, let matches): Glob.matches(pattern) == matches
        }
    }
}
