// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "COPY" and "ADD".

/// What `COPY` and `ADD` have in common; words are as written.
public struct FileTransfer: Hashable, Sendable {
    /// Paths, patterns and, for `ADD`, URLs.
    public let sources: [String]
    /// Files whose content stands in the Dockerfile.
    public let documents: [Heredoc]
    /// Where to.
    public let destination: String
    /// `--chown`.
    public let owner: String?
    /// `--chmod`.
    public let mode: String?
    /// `--link`: the copy does not look at what is there before.
    public let isLinked: Bool
    /// `--exclude`: patterns of what to leave out.
    public let excluded: [String]

    fileprivate init(_ statement: Statement, _ flags: inout FlagReader) throws(DockerfileError) {
        self.owner = try flags.value("chown")
        self.mode = try flags.value("chmod")
        self.isLinked = try flags.truth("link") ?? false
        self.excluded = try flags.values("exclude")
        let array = try statement.strings()
        let words = array ?? ShellWords.splitPlainly(statement.arguments).map(String.init(scalars:))
        guard let destination = words.last, words.count >= 2 else {
            throw statement.wrongArguments(.sourcesAndDestination)
        }
        let announced = array == nil ? statement.heredocs : []
        var (sources, documents): ([String], [Heredoc]) = ([], [])
        for word in words.dropLast() {
            if let name = HeredocWord(word.unicodeScalars)?.name,
                let document = announced.last(where: { $0.name == name })
            {
                guard Self.isFileName(name) else {
                    throw DockerfileError(.heredocName(name), at: statement.location)
                }
                documents.append(document)
            } else {
                sources.append(word)
            }
        }
        if !announced.isEmpty, HeredocWord(destination.unicodeScalars) != nil {
            throw DockerfileError(.heredocDestination, at: statement.location)
        }
        self.sources = sources
        self.documents = documents
        self.destination = destination
    }

    /// Whether a here-document's name can name the file it becomes.
    static func isFileName(_ name: String) -> Bool {
        name != "." && name != ".." && name.utf8.count <= 255
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}

/// `COPY`.
public struct CopyInstruction: Hashable, Sendable {
    /// What and where to.
    public let transfer: FileTransfer
    /// `--from`: a stage, its number, or an image; `nil` for the context.
    public let from: String?
    /// `--parents`: the sources' directories come with them.
    public let keepsParents: Bool

    init(_ statement: Statement) throws(DockerfileError) {
        var flags = FlagReader(statement)
        self.from = try flags.value("from")
        self.keepsParents = try flags.truth("parents") ?? false
        self.transfer = try FileTransfer(statement, &flags)
        if let from, from.unicodeScalars.contains("$") {
            throw DockerfileError(.variableInFrom(from), at: flags.location(of: "from"))
        }
        try flags.finish()
        if let url = transfer.sources.first(where: RemoteSource.isRemote) {
            throw DockerfileError(.urlInCopy(url), at: statement.location)
        }
    }
}

/// `ADD`.
public struct AddInstruction: Hashable, Sendable {
    /// What and where to.
    public let transfer: FileTransfer
    /// `--checksum`, as written: of the one URL.
    public let checksum: String?
    /// `--unpack`: whether archives are unpacked; by default those of the context, and no others.
    public let unpacks: Bool?

    init(_ statement: Statement) throws(DockerfileError) {
        var flags = FlagReader(statement)
        try flags.refuse("keep-git-dir")
        self.checksum = try flags.value("checksum")
        self.unpacks = try flags.truth("unpack")
        self.transfer = try FileTransfer(statement, &flags)
        let location = flags.location(of: "checksum")
        try flags.finish()
        if checksum != nil, transfer.sources.count != 1 || !transfer.documents.isEmpty {
            throw DockerfileError(.checksumWithoutURL, at: location)
        }
    }
}

/// What a source of `ADD` that is no path can be.
enum RemoteSource {
    static func isRemote(_ source: String) -> Bool { isURL(source) || isRepository(source) }

    static func isURL(_ source: String) -> Bool {
        source.utf8.starts(with: "http://".utf8) || source.utf8.starts(with: "https://".utf8)
    }

    /// A git repository: by its scheme, or a URL whose path ends in `.git`.
    static func isRepository(_ source: String) -> Bool {
        let bytes = Array(source.utf8)
        if bytes.starts(with: "git@".utf8) || bytes.starts(with: "git://".utf8)
            || bytes.starts(with: "ssh://".utf8)
        {
            return true
        }
        guard isURL(source) else { return false }
        let path = bytes.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") }
        return path.suffix(4).elementsEqual(".git".utf8)
    }
}
