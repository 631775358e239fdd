// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

extension Explanation {
    init(_ error: StoreError) {
        let clear =
            "`cross-util store repair` removes what is damaged, and fetches or makes it again"
        switch error {
        case .symbolicLink(let path):
            self.init(
                "the store `\(path)` is a symbolic link",
                hint: "set CROSS_STORE to the directory that it leads to"
            )
        case .foreignOwner(let path, let uid):
            self.init(
                "the store `\(path)` belongs to the user with the number \(uid)",
                hint: "set CROSS_STORE to a directory of your own"
            )
        case .writableByOthers(let path, let mode):
            self.init(
                "other users may write into the store `\(path)` "
                    + "(mode \(String(mode, radix: 8)))",
                hint: "if nobody has, run `chmod go-w '\(path)'`"
            )
        case .notAStore(let path):
            self.init(
                "`\(path)` holds something else than a store",
                hint: "set CROSS_STORE to a directory that is empty or does not exist yet"
            )
        case .newerVersion(let path, let found, let supported):
            self.init(
                "the store `\(path)` has layout \(found), made by a later cross; "
                    + "this one knows \(supported)",
                hint: "upgrade cross, or set CROSS_STORE to another directory"
            )
        case .damaged(let path, let line):
            self.init(
                "the store is damaged: `\(path)`\(line.map { ", line \($0)" } ?? "")",
                hint: clear
            )
        case .missingLayer(let digest):
            self.init("the store lacks the layer \(digest)", hint: clear)
        case .noLayers: self.init("the image has no layers, so there is nothing to enter")
        case .invalidPlatform(let platform):
            self.init("`\(platform)` is no platform that can be kept")
        case .conflict(let conflict, let layer, let path):
            let name = String(decoding: path, as: UTF8.self)
            self.init("the layer \(layer) cannot be applied: `\(name)`: \(conflict)")
        case .notALayer(let obstacle, let path):
            let name = String(decoding: path, as: UTF8.self)
            self.init("what was made cannot be kept: `/\(name)`: \(Self.words(obstacle))")
        case .noRoom(let path, let needed, let free):
            self.init(
                "what is missing has \(needed) bytes, and in `\(path)` there are \(free) left",
                hint: Self.remedy(.noSpace)
            )
        case .unusableLower(let path, let reason):
            self.init(
                "the store `\(path)` cannot be read: \(Self(reason).text)",
                hint: "correct CROSS_STORE_RO, which names it"
            )
        case .system(let call, let path, let errno):
            // mkdir(2): the parent was there or made, so it is one in which nothing can be.
            let isNowhere = errno == .noSuchFileOrDirectory && call == "mkdir"
            self.init(
                "cannot \(call) `\(path)`: \(errno)",
                hint: Self.remedy(isNowhere ? .notDirectory : errno)
            )
        }
    }

    private static func words(_ obstacle: LayerObstacle) -> String {
        switch obstacle {
        case .path(.tooLong): "its path or name is too long"
        case .path(.tooDeep): "it lies below more than 500 directories"
        case .path: "no layer can have that name"
        case .tooLarge: "with it, the files have more than 64 GiB"
        }
    }

    /// What helps where the system refuses the store something.
    private static func remedy(_ errno: Errno) -> String? {
        switch errno {
        case .noSpace, .diskQuotaExceeded:
            "make room, or set CROSS_STORE to a directory on a larger disk"
        case .permissionDenied, .notDirectory:
            "set CROSS_STORE to a directory that you may write"
        case .readOnlyFileSystem:
            "set CROSS_STORE to a directory that you may write, and CROSS_STORE_RO to this one"
        default: limit(errno)
        }
    }

    /// What lifts the limit of this process that was reached; `nil` where it was none.
    static func limit(_ errno: Errno) -> String? {
        switch errno {
        case .tooManyOpenFiles: "let it open more files, as with `ulimit -n 1024`"
        case .fileTooLarge: "let it write larger files, as with `ulimit -f unlimited`"
        default: nil
        }
    }
}
