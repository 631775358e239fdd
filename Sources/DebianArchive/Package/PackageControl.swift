// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb-control(5); deb822(5).

/// A package's control paragraph.
struct PackageControl {
    /// A field as it was written: the value keeps its line feeds and the spaces after them.
    struct Field {
        let name: String
        let value: [UInt8]
    }

    let fields: [Field]
    let name: String
    let version: String
    let architecture: String
    /// Whether packages of several architectures can be installed side by side.
    let isMultiArchSame: Bool

    /// Reads a paragraph, strictly: there is one, no field comes twice, and every name that will
    /// be part of a path is one.
    init(_ bytes: [UInt8]) throws(PackageFault) {
        var read: [(name: String, value: [UInt8])] = []
        var isOver = false
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let fault = PackageFault.controlParagraph(line: index + 1)
            guard !Self.trimmed(line).isEmpty else {
                isOver = !read.isEmpty
                continue
            }
            guard !isOver, !line.contains(0) else { throw fault }
            if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
                guard let last = read.indices.last else { throw fault }
                read[last].value += [UInt8(ascii: "\n")] + line
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                let name = Self.fieldName(line[..<colon]),
                !read.contains(where: { $0.name.lowercased() == name.lowercased() })
            else { throw fault }
            read.append((name, Array(line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 })))
        }
        let fields = read.map {
            Field(name: $0.name, value: Array(Self.trimmed($0.value[...])))
        }
        self.fields = fields
        func value(_ name: String, _ isValid: (UInt8) -> Bool) throws(PackageFault) -> String {
            let value = fields.first { $0.name.lowercased() == name.lowercased() }?.value
            guard let value, !value.isEmpty, value.count < 256, value.allSatisfy(isValid),
                Self.isLetterOrDigit(value[0])
            else { throw .field(name) }
            return String(decoding: value, as: UTF8.self)
        }
        // Policy 5.6.1, 5.6.8 and 5.6.12.
        name = try value("Package") { Self.isLetterOrDigit($0) || "+-.".utf8.contains($0) }
        architecture = try value("Architecture") { Self.isLetterOrDigit($0) || $0 == 0x2D }
        version = try value("Version") { Self.isLetterOrDigit($0) || "+-.~:".utf8.contains($0) }
        let multiArch = fields.first { $0.name.lowercased() == "multi-arch" }?.value
        isMultiArchSame = multiArch?.elementsEqual("same".utf8) ?? false
    }

    /// The value of a field; `nil` where there is none.
    func value(_ name: String) -> [UInt8]? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// What the package's files in dpkg's database are called, up to the dot.
    var databaseName: String { isMultiArchSame ? "\(name):\(architecture)" : name }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D {
            line.removeLast()
        }
        return line
    }

    private static func fieldName(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.isEmpty, bytes.first != UInt8(ascii: "-"), bytes.first != UInt8(ascii: "#"),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
