// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 3986, section 3; sources.list(5), "URI specification".

/// Where an archive is: the directory that holds `dists` and `pool`.
///
/// Its description never has the user's name or password.
public struct ArchiveBase: Hashable, Sendable {
    /// What a server wants to know of who asks.
    public struct Credential: Hashable, Sendable {
        /// The user's name, without escapes.
        public let user: String
        /// The password, without escapes; empty where there is none.
        public let password: String
    }

    /// How the archive is reached: `http`, `https` or `file`.
    public let scheme: String
    /// The host with its port, as it was written; empty for files.
    public let host: String
    /// The path without a slash at its end, starting with one; empty for the root.
    public let path: String
    /// The user that the address names.
    public let credential: Credential?

    /// The schemes that packages are fetched by.
    static let schemes = ["http", "https", "file"]

    /// Reads an address.
    ///
    /// It is `nil` where the scheme is another one, or a part has other characters than URIs have.
    ///
    /// - Parameter uri: such as `http://deb.example.org/debian/`.
    public init?(_ uri: String) {
        guard let (scheme, rest) = Self.split(uri), Self.schemes.contains(scheme) else {
            return nil
        }
        guard rest.utf8.allSatisfy(Self.isPlain) else { return nil }
        // apt also takes `file:/srv/debian`.
        let isFile = scheme == "file"
        guard rest.hasPrefix("//") || isFile else { return nil }
        let authorityAndPath = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
        let authority = authorityAndPath.prefix { $0 != "/" }
        var path = String(authorityAndPath.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        guard authority.isEmpty == isFile else { return nil }
        guard !path.split(separator: "/").contains(where: { $0 == ".." || $0 == "." }) else {
            return nil
        }
        self.scheme = scheme
        self.path = path
        guard let at = authority.lastIndex(of: "@") else {
            host = String(authority)
            credential = nil
            return
        }
        host = String(authority[authority.index(after: at)...])
        let user = authority[..<at].split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard !host.isEmpty, let name = Self.unescaped(user[0]),
            let password = user.count > 1 ? Self.unescaped(user[1]) : ""
        else { return nil }
        credential = Credential(user: name, password: password)
    }

    private init(scheme: String, host: String, path: String, credential: Credential?) {
        self.scheme = scheme
        self.host = host
        self.path = path
        self.credential = credential
    }

    /// The address of a file of the archive, without the user.
    ///
    /// - Parameter relative: a path of plain components, such as `dists/bookworm/InRelease`.
    /// - Returns: the address.
    public func address(of relative: String) -> String { "\(description)/\(relative)" }

    /// The scheme in lower case and what follows the colon after it.
    static func split(_ uri: String) -> (scheme: String, rest: Substring)? {
        guard let colon = uri.firstIndex(of: ":") else { return nil }
        let scheme = uri[..<colon]
        let isScheme = scheme.utf8.allSatisfy {
            FieldGrammar.isAlphanumeric($0) || "+-.".utf8.contains($0)
        }
        guard isScheme, !scheme.isEmpty else { return nil }
        return (scheme.lowercased(), uri[uri.index(after: colon)...])
    }

    /// The archive beside this one, where the last component of the path has another name.
    func sibling(named name: String, insteadOf own: String) -> ArchiveBase? {
        guard path.hasSuffix("/\(own)") else { return nil }
        return ArchiveBase(
            scheme: scheme,
            host: host,
            path: "\(path.dropLast(own.count))\(name)",
            credential: credential
        )
    }

    /// RFC 3986's characters but `?` and `#`; a `$` would be one of apt's substitutions.
    private static func isPlain(_ byte: UInt8) -> Bool {
        FieldGrammar.isAlphanumeric(byte) || "-._~/:@!&'()*+,;=%[]".utf8.contains(byte)
    }

    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value >= 0x20 else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension ArchiveBase: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address without the user.
    public var description: String { "\(scheme)://\(host)\(path)" }

    /// The address without the user.
    public var debugDescription: String { description }

    /// Nothing but the description, so that no dump shows a password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ArchiveBase.Credential: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Says nothing.
    public var description: String { "(credential)" }

    /// Says nothing.
    public var debugDescription: String { description }

    /// Nothing, so that no dump shows a password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
