// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// Writes down what an operation says so that no two that differ are written alike.
struct StatementWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) {
        bytes += "\(text.utf8.count):".utf8
        bytes += text.utf8
    }

    mutating func append(_ texts: [String]) {
        append("\(texts.count)")
        texts.forEach { append($0) }
    }

    mutating func append(_ value: String?) {
        append([value].compactMap(\.self))
    }
}

extension BuildOperation.Action {
    /// The digest of everything that is said, contents of inputs left out.
    var statement: Digest {
        var writer = StatementWriter()
        switch self {
        case .run(let step): step.write(to: &writer)
        case .copy(let step): step.write(to: &writer)
        case .makeDirectory(let path, let user): writer.append(["directory 1", path, user])
        }
        return Digest.of(writer.bytes)
    }

    /// What else counts, by content.
    var inputs: [FileOrigin] {
        switch self {
        case .run(let step):
            step.mounts.compactMap { mount in
                switch mount.kind {
                case .bind(let origin, _): origin
                // What a cache holds is not to change what comes of the program.
                case .cache, .tmpfs, .secret: nil
                }
            }
        case .copy(let step): step.sources.contains(where: \.isPath) ? [step.origin] : []
        case .makeDirectory: []
        }
    }
}

extension RunStep {
    fileprivate func write(to writer: inout StatementWriter) {
        writer.append("run 2")
        writer.append(arguments)
        writer.append(environment)
        writer.append([user, workingDirectory, "\(isOffline)"])
        writer.append(script.map { [$0.path, $0.content] } ?? [])
        for mount in mounts {
            writer.append(mount.target)
            writer.append("\(mount.isReadOnly)")
            writer.append(mount.kind.words)
        }
    }
}

extension CopyStep {
    fileprivate func write(to writer: inout StatementWriter) {
        writer.append("copy 1")
        for source in sources { writer.append(source.words) }
        writer.append([destination, "\(keepsParents)", "\(isLinked)", unpacks.word])
        writer.append(owner)
        writer.append(mode.map(\.words) ?? [])
        writer.append(excluded)
    }
}

extension RunMount.Kind {
    fileprivate var words: [String] {
        switch self {
        case .bind(_, let source): ["bind", source]
        case .cache(let id, let sharing, _, let source, let ownership):
            ["cache", id, sharing.rawValue, source] + ownership.words
        case .tmpfs(let size): ["tmpfs", size.map { "\($0)" } ?? ""]
        case .secret(let id, let variable, let isRequired, let ownership):
            ["secret", id, variable ?? "", "\(isRequired)"] + ownership.words
        }
    }
}

extension RunMount.Ownership {
    fileprivate var words: [String] { [mode, uid, gid].map { $0.map { "\($0)" } ?? "" } }
}

extension CopyStep.Source {
    fileprivate var isPath: Bool {
        if case .path = self { true } else { false }
    }

    fileprivate var words: [String] {
        switch self {
        case .path(let path): ["path", path]
        case .url(let file): ["url", file.url, file.checksum.map { "\($0)" } ?? "", file.name]
        case .document(let name, let content): ["document", name, content]
        }
    }
}

extension CopyStep.Unpacking {
    fileprivate var word: String {
        switch self {
        case .none: "none"
        case .local: "local"
        case .all: "all"
        }
    }
}

extension FileMode {
    /// Unlike for any other mode.
    var words: [String] {
        switch self {
        case .octal(let bits): ["\(bits)"]
        case .symbolic(let changes):
            changes.flatMap {
                [
                    "\($0.who)", "\($0.operation.rawValue)", "\($0.bits)",
                    "\($0.executesConditionally)",
                ]
            }
        }
    }
}
