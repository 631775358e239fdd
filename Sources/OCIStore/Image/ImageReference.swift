// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: distribution/reference, the grammar in its package comment (Docker's rules).

/// The name of an image at a registry.
///
/// Shape: `[registry/]repository[:tag][@digest]`, completed by Docker's rules: no registry means
/// `docker.io`, one component there means `library/`, neither tag nor digest means `latest`.
/// Every part is checked, so each can be part of a URL or of a path.
public struct ImageReference: Hashable, Sendable {
    /// Host and optional port of the registry, such as `ghcr.io`, `localhost:5000`.
    public let registry: String
    /// Slash-separated lower-case components, such as `library/ubuntu`.
    public let repository: String
    /// The tag; `nil` only where there is a digest.
    public let tag: String?
    /// The digest of the manifest or index, which wins over the tag.
    public let digest: Digest?

    /// Reads a reference.
    ///
    /// - Parameter text: as a user writes it, such as `ubuntu`, `localhost:5000/x:tag`.
    /// - Throws: `ImageReferenceError`, each case carrying the part that is wrong.
    public init(_ text: String) throws(ImageReferenceError) {
        let (named, digest) = try Self.splitDigest(text)
        let (name, tag) = Self.splitTag(named)
        let (registry, path) = Self.splitRegistry(name)
        guard ReferenceGrammar.isRegistry(registry) else { throw .invalidRegistry(registry) }
        let repository =
            registry == Self.dockerHub && !path.utf8.contains(UInt8(ascii: "/"))
            ? "library/\(path)" : path
        guard ReferenceGrammar.isRepository(repository) else { throw .invalidRepository(path) }
        guard registry.utf8.count + 1 + repository.utf8.count <= 255 else { throw .tooLong(text) }
        if let tag, !ReferenceGrammar.isTag(tag) { throw .invalidTag(tag) }
        self.registry = registry
        self.repository = repository
        self.tag = tag ?? (digest == nil ? "latest" : nil)
        self.digest = digest
    }

    private init(registry: String, repository: String, tag: String?, digest: Digest?) {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// The same repository's image of a digest.
    ///
    /// - Parameter digest: of a manifest or index.
    /// - Returns: a reference without a tag.
    public func pinned(to digest: Digest) -> ImageReference {
        ImageReference(registry: registry, repository: repository, tag: nil, digest: digest)
    }

    private static let dockerHub = "docker.io"

    private static func splitDigest(
        _ text: String
    ) throws(ImageReferenceError) -> (String, Digest?) {
        guard let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else { return (text, nil) }
        let digest = String(text[text.utf8.index(after: at)...])
        do throws(DigestError) {
            return (String(text[..<at]), try Digest(digest))
        } catch {
            throw .invalidDigest(digest)
        }
    }

    /// A colon after the last slash starts a tag; before it, it is a port.
    private static func splitTag(_ text: String) -> (String, String?) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            !text.utf8[colon...].contains(UInt8(ascii: "/"))
        else { return (text, nil) }
        return (String(text[..<colon]), String(text[text.utf8.index(after: colon)...]))
    }

    /// The first component is a registry if it could not be a component of a repository.
    private static func splitRegistry(_ name: String) -> (String, String) {
        guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            return (dockerHub, name)
        }
        let first = String(name[..<slash])
        let rest = String(name[name.utf8.index(after: slash)...])
        let marks = first.utf8.contains { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        guard marks || first == "localhost" else { return (dockerHub, name) }
        return (first == "index.docker.io" ? dockerHub : first, rest)
    }
}

extension ImageReference: CustomStringConvertible {
    /// The whole reference with everything that was completed, such as
    /// `docker.io/library/ubuntu:latest`.
    public var description: String {
        "\(registry)/\(repository)\(tag.map { ":\($0)" } ?? "")\(digest.map { "@\($0)" } ?? "")"
    }
}

/// Why some text is not an image reference.
public enum ImageReferenceError: Error, Hashable {
    /// Not `host[:port]`.
    case invalidRegistry(String)
    /// Empty, upper-case, or with a component that is not `[a-z0-9]+` joined by `.`, `_`, `__`, `-`.
    case invalidRepository(String)
    /// Not `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`.
    case invalidTag(String)
    /// Not `sha256:` and 64 hexadecimal digits.
    case invalidDigest(String)
    /// Registry and repository together have more than 255 bytes.
    case tooLong(String)
}
