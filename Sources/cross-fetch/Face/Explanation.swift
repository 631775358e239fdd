// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore

/// An error in the user's words: what failed, where and why; and what helps.
///
/// This file and those named after it have all of this program's wording. Foreign text in it is
/// escaped by the console.
struct Explanation {
    let what: String
    var hint: String?

    init(_ what: String, hint: String? = nil) {
        self.what = what
        self.hint = hint
    }

    init(of error: PullError) {
        switch error {
        case .noStore:
            self.init(
                "there is no place for the store: HOME is not set",
                hint: "set CROSS_STORE to a directory of your own"
            )
        case .setting(let variable, let text):
            self.init(
                "\(variable) has '\(text)', which means nothing there",
                hint: variable == "CROSS_LIMITS"
                    ? "want NAME=NUMBER, no lower than without it, such as layer-bytes=128G"
                    : "want REGISTRY=HOST, such as registry.example.com=gitlab.example.com"
            )
        case .request(let reason):
            self.init("standard input holds no lock of an image: \(reason)")
        case .registry(let error): self.init(of: error)
        case .notAsLocked(let reference, let locked, let found):
            self.init(
                "\(reference) is not what it was locked to: the registry has no manifest \(locked),"
                    + " and \(found) holds other layers or settings",
                hint: "`cross-util update` locks what the registry has today"
            )
        case .store(let error): self.init(of: error)
        case .layer(_, .store(let error)): self.init(of: error)
        case .layer(let blob, let error):
            self.init(
                "layer \(blob) cannot be unpacked: \(Self.reason(error))",
                hint: "the registry has these very bytes: the image itself is broken or of a kind"
                    + " that is not supported"
            )
        }
    }

    /// Names the target that has a recipe, where a registry that cannot be had is no loss.
    init(of error: PullError, recipe: String?) {
        self.init(of: error)
        guard let recipe, case .registry = error else { return }
        let variable = recipe.uppercased().map { "-.".contains($0) ? "_" : String($0) }.joined()
        hint =
            (hint.map { "\($0);\n" } ?? "")
            + "without the registry: CROSS_TARGET_\(variable)_ROOTFS=debian makes the root filesystem"
            + " from Debian packages"
    }

    init(of error: ImageReferenceError) {
        switch error {
        case .invalidRegistry(let text): self.init("'\(text)' is not a registry: want host[:port]")
        case .invalidRepository(let text):
            self.init("'\(text)' is not a repository: want lower-case names joined by slashes")
        case .invalidTag(let text): self.init("'\(text)' is not a tag")
        case .invalidDigest(let text):
            self.init("'\(text)' is not a digest: want sha256: and 64 hexadecimal digits")
        case .tooLong: self.init("the name has more than 255 bytes")
        }
    }
}
