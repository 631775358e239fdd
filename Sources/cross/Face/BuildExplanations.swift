// SPDX-License-Identifier: MIT OR Apache-2.0

import Dockerfile
import SystemPackage

extension Explanation {
    init(_ error: BuildError) {
        switch error {
        case .noDockerfile(let path):
            self.init("there is no Dockerfile `\(path)`", hint: "correct its path")
        case .unreadable(let error): self.init(error)
        case .noContext(let path):
            self.init("the context `\(path)` is no directory", hint: "correct its path")
        case .dockerfile(let file, let error): self.init(error, in: file)
        case .context(let place, let error): self.init(error, "\(place): ")
        case .ignoreFile(let error): self.init(error, "")
        case .offline(let place, let url):
            self.init(
                "\(place): `\(url)` is not in the store",
                hint: "build once without `--offline` and `--frozen`"
            )
        case .unsupported(let place, let what):
            self.init(
                "\(place): `\(what)` is not supported",
                hint: "docs/dockerfile.md lists what is"
            )
        case .emptyRoot(let place):
            self.init(
                "\(place): no program can run where there is no file",
                hint: "COPY what it needs first, or begin with another FROM"
            )
        case .destination(let place, let path):
            self.init("\(place): something else is where `/\(Self.text(path))` is to go")
        case .name(let place, let path):
            self.init("\(place): `\(Self.text(path))` means something else in a layer")
        case .owner(let place, let name):
            self.init(
                "\(place): the image does not know `\(name)`",
                hint: "use its number, or make the account before"
            )
        case .secret(let place, let id):
            self.init(
                "\(place): nobody gave the secret `\(id)`",
                hint: "give `--secret id=\(id),src=PATH` to cross-util build"
            )
        case .emptyImage(let path):
            self.init("\(path): the image has no files", hint: "COPY something into it")
        case .noCache: self.init("there is no home for caches", hint: "set XDG_CACHE_HOME")
        case .cache(let path, let errno): self.init("cannot make `\(path)`: \(errno)")
        }
    }

    private init(_ error: ContextError, _ place: String) {
        switch error {
        case .notFound(let name):
            self.init(
                "\(place)there is no `\(name)`",
                hint: "is it inside the context, and not in .dockerignore?"
            )
        case .notADirectory(let path):
            self.init("\(place)`\(Self.text(path))` is no directory")
        case .tooManyLinks(let path):
            self.init("\(place)the symbolic links of `\(Self.text(path))` do not end")
        case .tooDeep(let path):
            self.init("\(place)`\(Self.text(path))` has too many directories")
        case .pattern(let error, let file):
            let line = error.line.map { ":\($0)" } ?? ""
            let start = file.map { "\($0)\(line): " } ?? place
            self.init("\(start)`\(Self.text(error.pattern))` is no pattern")
        case .changed(let path):
            self.init("\(place)`\(Self.text(path))` became something else meanwhile")
        case .severalSources(let destination):
            self.init(
                "\(place)several files need a directory to go to",
                hint: "write `\(destination)/`"
            )
        case .system(let error): self.init(error)
        }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
