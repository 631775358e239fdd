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
        case .unusableLower(let path, let reason):
            self.init(
                "the store \(path) cannot be read: \(Self(of: reason).what)",
                hint: "correct CROSS_STORE_RO, which names it"
            )
        case .system(let call, let path, let errno):
            self.init(failing: call, path: path, errno)
        }
    }

    init(of error: StartError) {
        switch error {
        case .store(let error): self.init(of: error)
        case .openFiles(let allowed, let needed):
            self.init(
                "\(Errno.tooManyOpenFiles): \(allowed) may be open at once, and \(needed) are needed",
                hint: Self.remedy(.tooManyOpenFiles)
            )
        }
    }

    private static let room =
        "make room there, or choose another store with CROSS_STORE; what came is kept"

    init(failing call: String, path: FilePath, _ errno: Errno) {
        let hint: String? =
            switch errno {
            // mkdir(2): the parent was there or made, so it is one in which nothing can be.
            case .noSuchFileOrDirectory where call == "mkdir": Self.otherStore
            case .notDirectory where call == "open" || call == "mkdir": Self.otherStore
            default: Self.remedy(errno)
            }
        self.init("cannot \(call) \(path): \(errno)", hint: hint)
    }

    /// What helps where the system refuses to write for a reason that is not the file's.
    static func remedy(_ errno: Errno) -> String? {
        switch errno {
        case .noSpace, .diskQuotaExceeded: room
        case .permissionDenied: otherStore
        case .readOnlyFileSystem: "\(otherStore), and name this one with CROSS_STORE_RO"
        case .tooManyOpenFiles: "let it open more files, as with `ulimit -n 1024`"
        case .fileTooLarge: "let it write larger files, as with `ulimit -f unlimited`"
        default: nil
        }
    }

    private static let otherStore = "choose another store with CROSS_STORE"

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
