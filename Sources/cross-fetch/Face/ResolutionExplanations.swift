// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import RootfsRecipe

extension Explanation {
    init(of error: ResolutionError) {
        switch error {
        case .index(let archive, let suite, let error):
            self.init(
                "an index of \(suite) in \(archive.rawValue) is malformed: \(Self.reason(error))"
            )
        case .malformedRequest(let text):
            self.init(
                "'\(text)' is no package",
                hint: "want name, name:architecture, name=version or name:architecture=version"
            )
        case .unknownArchitecture(let request, let known):
            self.init(
                "there is no index for the architecture of '\(request)'",
                hint: "there are indexes for \(known.joined(separator: ", "))"
            )
        case .unknownPackage(let request, let alternatives):
            self.init(
                "there is no package '\(request)'",
                hint: Self.hint(alternatives)
            )
        case .unknownVersion(let request, let available):
            self.init(
                "there is no such version as in '\(request)'",
                hint: available.isEmpty
                    ? nil : "there is \(available.map { "\($0)" }.joined(separator: ", "))"
            )
        case .unsatisfiable(let dependency, let chain):
            self.init("nothing satisfies '\(dependency)'\(Self.needed(chain))")
        case .conflict(let other, let chain):
            self.init(
                "\(Self.last(chain)) cannot be there along with \(other)\(Self.needed(chain))"
            )
        case .versionsDiffer(let packages, let chain):
            self.init(
                "\(packages.map { "\($0)" }.joined(separator: " and ")) must have one version"
                    + Self.needed(chain),
                hint: "the archive is being brought up to date for one of the architectures: try"
                    + " again in an hour"
            )
        case .unsolved(let package):
            self.init(
                "no way was found to have \(package)",
                hint: "name the packages that it needs in the recipe, too"
            )
        }
    }

    private static func hint(_ alternatives: ResolutionError.Alternatives) -> String? {
        var lines: [String] = []
        if !alternatives.architectures.isEmpty {
            lines.append("it is there for \(alternatives.architectures.joined(separator: ", "))")
        }
        if !alternatives.providers.isEmpty {
            lines.append("it is provided by \(alternatives.providers.joined(separator: ", "))")
        }
        if !alternatives.similar.isEmpty {
            lines.append("there is \(alternatives.similar.joined(separator: ", "))")
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func needed(_ chain: [PackageIdentity]) -> String {
        guard let last = chain.last else { return "" }
        let others = chain.dropLast().reversed().map { ", for \($0)" }.joined()
        return ", which \(last) needs\(others)"
    }

    private static func last(_ chain: [PackageIdentity]) -> String {
        chain.last.map { "\($0)" } ?? "a package"
    }

    static func reason(_ error: ControlError) -> String {
        switch error {
        case .line(let offset): "no field at byte \(offset)"
        case .malformed(let field, let offset): "the field '\(field)' at byte \(offset)"
        case .missing(let field, let offset):
            "no field '\(field)' in the paragraph at byte \(offset)"
        case .duplicate(let field, let offset): "a second field '\(field)' at byte \(offset)"
        case .tooLarge(let limit): "larger than \(bytes(Int64(limit)))"
        }
    }
}
