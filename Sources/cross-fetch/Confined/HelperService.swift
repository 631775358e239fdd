// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Foundation
import OCIRegistry
import OCIStore
import SystemPackage

/// The process that runs helper programs, and what it lets itself be asked for.
struct HelperService {
    /// Where it listens.
    static let socket: Int32 = 3

    let store: FilePath
    /// Whether it is for gpgv and pip; else for credential helpers.
    let isForPackages: Bool
    let environment: [String: String]

    /// Answers until nobody asks any more.
    func run() async {
        let frames = Frames(socket: Self.socket)
        while let question = frames.receive(HelperQuestion.self) {
            guard frames.send(await answer(question)) else { return }
        }
    }

    private func answer(_ question: HelperQuestion) async -> HelperAnswer {
        switch question {
        case .credential(let name, let server) where !isForPackages:
            return .credential(
                await CredentialHelper.ask(name, for: server, environment: environment)
            )
        case .signature(let signed, let keyrings, let output, let home)
        where isForPackages && (keyrings + [output, home]).allSatisfy(isOfStore):
            return await signature(
                SignatureQuestion(
                    signed: Array(signed),
                    keyrings: keyrings.map { FilePath($0) },
                    output: FilePath(output),
                    home: FilePath(home)
                )
            )
        case .wheel(let wheel, let platform, let directory)
        where isForPackages && isOfStore(directory):
            do throws(WheelError) {
                let file = try await WheelFetch(environment: environment)
                    .fetch(wheel, for: platform, into: FilePath(directory))
                return .wheel(file.string)
            } catch {
                return .wheelFailure(error)
            }
        default: return .refused
        }
    }

    private func signature(_ question: SignatureQuestion) async -> HelperAnswer {
        do throws(ReleaseFault) {
            return .signature(try await question.ask())
        } catch {
            switch error {
            case .verifierMissing: return .noVerifier
            case .verifierNotStarted(let errno): return .notStarted(errno.rawValue)
            case .scratch(let path, let errno): return .unwritable(path.string, errno.rawValue)
            default: return .refused
            }
        }
    }

    /// Only there are files of a run's own; where links lead, Landlock decides.
    private func isOfStore(_ path: String) -> Bool {
        let path = FilePath(path)
        return path.starts(with: store) && !path.components.contains("..")
    }
}
