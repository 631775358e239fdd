// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian repository format, "Release files".

public import OCIStore

/// What a suite's release file says.
///
/// Only text whose signature was verified should become one.
public struct ReleaseFile: Hashable, Sendable {
    /// A file of the suite.
    public struct File: Hashable, Sendable {
        /// Its path below the suite's directory, such as `main/binary-amd64/Packages.xz`.
        public let path: String
        /// Its size in bytes.
        public let size: Int64
        /// Its digest.
        public let digest: Digest

        /// The path that has the file for as long as any release needs it.
        ///
        /// Shape: `main/binary-amd64/by-hash/SHA256/<64 digits>`.
        public var pathByHash: String {
            let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            return "\(directory)by-hash/SHA256/\(digest.hex)"
        }
    }

    /// The suite's role, such as `oldstable`.
    public let suite: String?
    /// The suite's name for good, such as `bookworm`.
    public let codename: String?
    /// When the archive published it.
    public let date: ReleaseDate
    /// When it is no longer to be used; `nil` where it does not say.
    public let validUntil: ReleaseDate?
    /// The architectures that the suite has packages for.
    public let architectures: [String]
    /// Whether files can be had by their hash.
    public let hasFilesByHash: Bool
    /// Whether packages for all architectures are only in the index of those.
    public let hasSeparateArchitectureAll: Bool
    /// Where old states of the archive are kept: a URI with `@SNAPSHOTID@` in it.
    public let snapshots: String?

    private let files: [String: File]

    /// Reads a release file and refuses it where it is not of the suite or out of date.
    ///
    /// - Parameters:
    ///   - text: the verified text.
    ///   - wanted: the suite that was asked for, by role or codename.
    ///   - now: the time to compare with.
    /// - Throws: `ReleaseFault.control`, `.otherSuite` or `.expired`.
    public init(_ text: [UInt8], suite wanted: String, now: ReleaseDate) throws(ReleaseFault) {
        let fields = try Self.paragraph(text)
        suite = fields["Suite"]
        codename = fields["Codename"]
        guard wanted == suite || wanted == codename else {
            throw .otherSuite(suite: suite, codename: codename)
        }
        guard let date = try Self.date("Date", fields) else {
            throw .control(.missing(field: "Date", offset: fields.offset))
        }
        self.date = date
        validUntil = try Self.date("Valid-Until", fields)
        if let validUntil, validUntil < now {
            throw .expired(validUntil: validUntil, now: now)
        }
        architectures = try Self.architectures(fields)
        hasFilesByHash = fields["Acquire-By-Hash"] == "yes"
        // Where `all` is listed and not excused, the other indexes may leave its packages out.
        hasSeparateArchitectureAll =
            architectures.contains("all")
            && fields["No-Support-for-Architecture-all"]?.split(separator: " ")
                .contains("Packages") != true
        snapshots = fields["Snapshots"].flatMap { $0 == "no" ? nil : $0 }
        files = try Self.files(fields)
    }

    /// A file of the suite.
    ///
    /// - Parameter path: below the suite's directory.
    /// - Returns: the file; `nil` where the release lists none.
    public func file(_ path: String) -> File? { files[path] }

    /// The index of a component's packages for an architecture.
    ///
    /// - Parameters:
    ///   - component: such as `main`.
    ///   - architecture: such as `amd64`.
    ///   - suffix: of the compression, such as `.xz`, or nothing.
    /// - Returns: the file; `nil` where the release lists none.
    public func packages(component: String, architecture: String, suffix: String) -> File? {
        file("\(component)/binary-\(architecture)/Packages\(suffix)")
    }

    private static func paragraph(_ text: [UInt8]) throws(ReleaseFault) -> ControlParagraph {
        do throws(ControlError) {
            let paragraphs = try ControlParagraph.read(text, allowsComments: false)
            guard let first = paragraphs.first, paragraphs.count == 1 else {
                throw .line(offset: paragraphs.dropFirst().first?.offset ?? 0)
            }
            return first
        } catch {
            throw .control(error)
        }
    }

    private static func date(
        _ name: String,
        _ fields: ControlParagraph
    ) throws(ReleaseFault) -> ReleaseDate? {
        guard let field = fields.field(name) else { return nil }
        guard let date = ReleaseDate(field.value) else {
            throw .control(.malformed(field: name, offset: field.offset))
        }
        return date
    }

    private static func architectures(
        _ fields: ControlParagraph
    ) throws(ReleaseFault) -> [String] {
        guard let field = fields.field("Architectures") else { return [] }
        let names = field.value.split(separator: " ").map(String.init)
        guard names.allSatisfy({ FieldGrammar.isArchitecture($0.utf8Span.span) }) else {
            throw .control(.malformed(field: "Architectures", offset: field.offset))
        }
        return names
    }

    /// Only SHA256: whoever serves the file could choose the weakest of several hashes.
    private static func files(_ fields: ControlParagraph) throws(ReleaseFault) -> [String: File] {
        guard let field = fields.field("SHA256") else {
            throw .control(.missing(field: "SHA256", offset: fields.offset))
        }
        var files: [String: File] = [:]
        for line in field.value.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let digest = try? Digest("sha256:\(words[0])"),
                let size = FieldGrammar.size(String(words[1]).utf8Span.span)
            else { throw .control(.malformed(field: "SHA256", offset: field.offset)) }
            let path = String(words[2])
            let file = File(path: path, size: size, digest: digest)
            guard files.updateValue(file, forKey: path).map({ $0 == file }) ?? true else {
                throw .control(.malformed(field: "SHA256", offset: field.offset))
            }
        }
        return files
    }
}
