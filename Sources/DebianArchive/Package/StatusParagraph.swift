// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: dpkg, lib/dpkg/parse.c (`fieldinfos`) and lib/dpkg/dump.c.

/// What dpkg writes into `var/lib/dpkg/status` for a package that is installed.
enum StatusParagraph {
    /// A file whose changes by the user dpkg preserves.
    struct ConfigurationFile {
        /// As the archive has it, with a slash in front.
        let path: [UInt8]
        /// MD5 of what the package brought, in hexadecimal digits; `nil` where it has none.
        let digest: String?
        /// Whether an upgrade to this version removes it.
        let isObsolete: Bool
    }

    private static let order = [
        "Package", "Essential", "Protected", "Status", "Priority", "Section", "Installed-Size",
        "Origin", "Maintainer", "Bugs", "Architecture", "Multi-Arch", "Source", "Version",
        "Replaces", "Provides", "Depends", "Pre-Depends", "Recommends", "Suggests", "Breaks",
        "Conflicts", "Enhances", "Conffiles", "Description",
    ]
    private static let relations: Set = [
        "replaces", "provides", "depends", "pre-depends", "recommends", "suggests", "breaks",
        "conflicts", "enhances",
    ]
    /// Fields of the database itself, which a package cannot set, and those of indexes.
    private static let dropped: Set = [
        "status", "conffiles", "config-version", "triggers-pending", "triggers-awaited",
        "revision", "filename", "size", "md5sum", "msdos-filename",
    ]

    /// The paragraph's lines, without the empty one that ends it.
    static func text(
        of control: PackageControl,
        _ configurationFiles: [ConfigurationFile]
    ) -> [UInt8] {
        var text: [UInt8] = []
        let known = Set(order.map { $0.lowercased() })
        for name in order {
            switch name {
            case "Status": text += "Status: install ok installed\n".utf8
            case "Conffiles":
                guard !configurationFiles.isEmpty else { continue }
                text += "Conffiles:\n".utf8
                for file in configurationFiles {
                    text += " ".utf8 + file.path + " \(file.digest ?? "newconffile")".utf8
                    text += (file.isObsolete ? " remove-on-upgrade\n" : "\n").utf8
                }
            default:
                guard let value = control.value(name) else { continue }
                append(name, value, to: &text)
            }
        }
        for field in control.fields {
            let name = field.name.lowercased()
            guard !known.contains(name), !dropped.contains(name) else { continue }
            append(field.name, field.value, to: &text)
        }
        return text
    }

    private static func append(_ name: String, _ value: [UInt8], to text: inout [UInt8]) {
        switch name {
        // What is the default is not written.
        case "Essential", "Protected", "Multi-Arch":
            guard !value.elementsEqual("no".utf8) else { return }
        default: break
        }
        text += "\(name):".utf8
        if relations.contains(name.lowercased()) {
            let words = value.split { [0x20, 0x09, 0x0A].contains($0) }
            text += [0x20] + Array(words.joined(separator: [0x20]))
        } else if value.first == UInt8(ascii: "\n") {
            text += value
        } else {
            text += " ".utf8 + value
        }
        text.append(UInt8(ascii: "\n"))
    }
}
