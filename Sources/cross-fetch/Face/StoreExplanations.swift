// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import SystemPackage

extension Explanation {
    init(of error: StoreError) {
        switch error {
        case .symbolicLink(let path): self.init("the store \(path) is a symbolic link")
        case .foreignOwner(let path, let uid):
            self.init(
                "the store \(path) belongs to user \(uid)",
                hint: "choose another one with CROSS_STORE"
            )
        case .writableByOthers(let path, _):
            self.init("other users may write into the store \(path)", hint: "chmod go-w '\(path)'")
        case .notAStore(let path):
            self.init(
                "\(path) is neither a store nor empty",
                hint: "choose another one with CROSS_STORE"
            )
        case .newerVersion(let path, let found, let supported):
            self.init("the store \(path) has version \(found), this program knows \(supported)")
        case .damaged(let path, let line):
            self.init(
                "\(path) is damaged" + (line.map { " in line \($0)" } ?? ""),
                hint: "remove that file and pull again"
            )
        case .missingLayer(let digest): self.init("layer \(digest) is not in the store")
        case .noLayers: self.init("the image has no layers, so there is no root filesystem in it")
        case .invalidPlatform(let platform): self.init("'\(platform)' cannot be a platform")
        case .conflict(let conflict, let layer, let path):
            self.init(
                "layer \(layer) does not fit on those below it: \(conflict) at"
                    + " \(String(decoding: path, as: UTF8.self))"
            )
        case .notALayer(_, let path):
            self.init("\(String(decoding: path, as: UTF8.self)) cannot be part of a layer")
        case .noRoom(let path, let needed, let free):
            self.init(
                "No space left on device: what is missing has \(bytes(needed)), and in \(path)"
                    + " there are \(bytes(free)) left",
                hint: Self.room
            )
        case .system(let call, let path, let errno):
            self.init(failing: call, path: path, errno)
        }
    }

    private static let room =
        "make room there, or choose another store with CROSS_STORE; what came is kept"

    init(failing call: String, path: FilePath, _ errno: Errno) {
        let hint: String? =
            switch errno {
            case .noSpace, .diskQuotaExceeded: Self.room
            case .permissionDenied, .readOnlyFileSystem:
                "choose another store with CROSS_STORE"
            // mkdir(2): the parent was there or made, so it is one in which nothing can be.
            case .noSuchFileOrDirectory where call == "mkdir":
                "choose another store with CROSS_STORE"
            case .notDirectory where call == "open" || call == "mkdir":
                "choose another store with CROSS_STORE"
            case .tooManyOpenFiles: "let it open more files, as with `ulimit -n 1024`"
            case .fileTooLarge: "let it write larger files, as with `ulimit -f unlimited`"
            default: nil
            }
        self.init("cannot \(call) \(path): \(errno)", hint: hint)
    }

    static func reason(_ error: LayerError) -> String {
        switch error {
        case .unknownMediaType(let type): "nothing is known of the type '\(type)'"
        case .notDistributable(let type): "'\(type)' is not to be had from registries"
        case .compression(let fault, let offset): "\(fault) at byte \(offset)"
        case .archive(let message): message
        case .entry(let fault, let name):
            "\(fault) of entry '\(String(decoding: name, as: UTF8.self))'"
        case .limit(let limit): "more \(limit) than allowed"
        case .diffIDMismatch(let expected, let found):
            "its contents have the digest \(found), not \(expected)"
        case .store(let error): "\(error)"
        }
    }
}
