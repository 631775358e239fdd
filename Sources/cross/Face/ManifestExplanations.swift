// SPDX-License-Identifier: MIT OR Apache-2.0

extension Explanation {
    init(_ error: ManifestError) {
        switch error {
        case .unreadable(let error): self.init(error)
        case .syntax(let path, let error):
            self.init("\(path):\(error.line):\(error.column): \(error.reason)")
        case .noFamily(let path, let family):
            self.init(
                "\(path): there is no `families/\(family).toml` to inherit",
                hint: "put it beside, or correct `inherits`"
            )
        case .inheritsItself(let path, let family):
            self.init("\(path): `\(family)` inherits itself")
        case .unknownKey(let path, let key):
            self.init(
                "\(path): `\(key)` means nothing in a manifest",
                hint: "docs/manifests.md lists all keys"
            )
        case .missingKey(let path, let key): self.init("\(path): `\(key)` is missing")
        case .wrongType(let path, let key, let expected):
            self.init("\(path): `\(key)` must be \(expected)")
        }
    }

    init(_ error: CrossLockError) {
        switch error {
        case .unreadable(let error): self.init(error)
        case .syntax(let path, let error):
            self.init(
                "\(path):\(error.line):\(error.column): \(error.reason)",
                hint: Self.restore
            )
        case .version(let path):
            self.init(
                "\(path): made by another version of cross",
                hint: "use that version, or remove the file to have it made anew"
            )
        case .damaged(let path, let target):
            self.init(
                "\(path): the entry for \(target ?? "a target") cannot be read",
                hint: Self.restore
            )
        }
    }

    private static let restore = "restore the file, or remove it to have it made anew"
}
