// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCILayer
import OCIStore

extension Explanation {
    init(of error: PackageError) {
        switch error {
        case .fault(let fault, let package):
            self.init(
                "\(package) cannot be unpacked: \(Self.reason(fault))",
                hint: Self.bytesAreRight
            )
        case .archive(let error, let part, let package):
            self.init(
                "\(package) cannot be unpacked: \(Self.name(part)): \(Self.reason(error))",
                hint: Self.bytesAreRight
            )
        case .store(let error): self.init(of: error)
        }
    }

    init(of error: SystemError) {
        switch error {
        case .file(let path, let fault):
            self.init(
                "the root filesystem cannot be configured: \(path) \(Self.reason(fault))",
                hint: "it comes with one of the suite's packages: is this a suite of Debian?"
            )
        case .recipeFile(let path):
            self.init(
                "the recipe's file '\(path)' has no path of its own",
                hint: "want an absolute path without '..', and each one once"
            )
        case .name(let name):
            self.init("'\(name)' cannot be a name in the root filesystem's configuration")
        case .store(let error): self.init(of: error)
        }
    }

    private static let bytesAreRight =
        "the archive has these very bytes: the package itself is broken or of a kind that is not"
        + " supported"

    private static func name(_ part: PackagePart) -> String {
        switch part {
        case .container: "the file itself"
        case .control: "its control archive"
        case .data: "its files"
        }
    }

    private static func reason(_ fault: PackageFault) -> String {
        switch fault {
        case .member(nil): "a member is missing"
        case .member(let name?):
            "the member '\(String(decoding: name, as: UTF8.self))' is not where it should be"
        case .formatVersion: "its format is not version 2"
        case .truncated: "it ends too early"
        case .controlFile(let name):
            "the control file '\(String(decoding: name, as: UTF8.self))' is none"
        case .controlSize: "its control files are too large"
        case .controlParagraph(let line): "its control paragraph is malformed in line \(line)"
        case .field(let name): "the field '\(name)' of its control paragraph"
        case .identity(let field): "it is another package, by its field '\(field)'"
        case .wheelDirectory: "it is to be unpacked into what is no directory"
        }
    }

    private static func reason(_ fault: SystemFault) -> String {
        switch fault {
        case .missing: "is missing"
        case .tooLarge: "is too large"
        case .malformed: "is malformed"
        }
    }
}
