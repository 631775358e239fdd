// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import Testing

@testable import DebianArchive

@Suite struct ControlTests {
    @Test func aParagraphKeepsItsFieldsAndTheirLines() throws {
        let text = "A: 1\nB:\n  two\n .\n three \n# c: d\n\n\nE : f"
        #expect(throws: ControlError.line(offset: text.utf8.count - 5)) {
            try ControlParagraph.read(Array(text.utf8), allowsComments: true)
        }
        let paragraphs = try ControlParagraph.read(
            Array(text.replacing("E :", with: "E:").utf8),
            allowsComments: true
        )
        #expect(paragraphs.count == 2)
        #expect(paragraphs[0]["b"] == "\n two\n.\nthree")
        #expect(paragraphs[0]["C"] == nil)
        #expect(paragraphs[1]["e"] == "f")
    }

    @Test func aFieldGivenTwiceIsRefused() {
        #expect(throws: ControlError.duplicate(field: "a", offset: 5)) {
            try ControlParagraph.read(Array("A: 1\na: 2\n".utf8), allowsComments: false)
        }
    }

    @Test(arguments: ["A: \u{1b}[31m", "A: 1\u{0}", "A: \u{7f}"])
    func controlCharactersAreRefused(text: String) {
        #expect(throws: ControlError.malformed(field: "A", offset: 0)) {
            try ControlParagraph.read(Array(text.utf8), allowsComments: false)
        }
    }

    @Test func aRecordHasWhatTheIndexSays() throws {
        let index = try PackageIndex([
            Paragraph("libc6", "2.36-9"),
            Paragraph("bash", "5.2.15-2+b8").with("Essential", "yes").with("Multi-Arch", "foreign")
                .with("Priority", "required").with("Protected", "yes")
                .with("Pre-Depends", "libc6 (>= 2.36),\n libtinfo6 (>= 6)").with(
                    "Description",
                    "x\n .\n y"
                ),
        ])
        #expect(index.count == 2)
        let bash = index[1]
        #expect(bash.description == "bash:amd64=5.2.15-2+b8")
        #expect(bash.isEssential && bash.isProtected)
        #expect(bash.multiArch == .foreign)
        #expect(bash.priority == .required)
        #expect(bash.path == "pool/main/b/bash/bash_1_amd64.deb")
        #expect(bash.size == 4096)
        #expect(bash.digest.hex == String(repeating: "0a", count: 32))
        #expect(
            try bash.relations(.preDepends).map(\.description) == [
                "libc6 (>= 2.36)", "libtinfo6 (>= 6)",
            ]
        )
        #expect(try bash.relations(.depends).isEmpty)
        #expect(bash.value(of: "Description") == "x\n .\n y")
        #expect(String(decoding: bash.paragraph, as: UTF8.self).hasPrefix("Package: bash\n"))
        #expect(!index[0].isEssential)
    }

    /// What an index could say to reach another file, or to confuse what reads it.
    @Test(arguments: [
        ("Package", "../x"), ("Package", "x"), ("Package", "Bash"), ("Package", "ba sh"),
        ("Package", "-bash"),
        ("Package", ""), ("Package", String(repeating: "a", count: 300)), ("Version", "1/../2"),
        ("Version", "x"),
        ("Version", ""), ("Version", "1 2"), ("Architecture", "../amd64"),
        ("Architecture", "AMD64"),
        ("Architecture", ""), ("Filename", "/pool/main/b.deb"),
        ("Filename", "pool/../../etc/passwd.deb"),
        ("Filename", "pool/./b.deb"), ("Filename", "pool//b.deb"), ("Filename", "pool/b.tar"),
        ("Filename", "http://x/pool/b.deb"), ("Filename", "pool/a b.deb"),
        ("Filename", "pool/b\u{7f}.deb"),
        ("Filename", "pool/b?x=.deb"), ("Filename", "pool/.b.deb"), ("Size", "-1"), ("Size", "1e3"),
        ("Size", "0x10"), ("Size", "99999999999999999999"), ("Size", ""), ("SHA256", "0A"),
        ("SHA256", String(repeating: "0A", count: 32)),
        ("SHA256", String(repeating: "g", count: 64)),
        ("Multi-Arch", "yes"), ("Essential", "maybe"),
    ])
    func aHostileFieldIsNamed(field: String, value: String) throws {
        let good = Paragraph("good-one")
        let bad = Paragraph("bash").with(field, value)
        let error = #expect(throws: ControlError.self) { try PackageIndex([good, bad]) }
        guard case .malformed(field, let offset) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(offset > good.text.utf8.count)
    }

    @Test(arguments: ["Package", "Version", "Architecture", "Filename", "Size", "SHA256"])
    func aMissingFieldIsNamed(field: String) throws {
        let good = Paragraph("good-one")
        #expect(throws: ControlError.missing(field: field, offset: good.text.utf8.count + 1)) {
            try PackageIndex([good, Paragraph("bash").with(field, nil)])
        }
    }

    @Test func aFieldOfAnIndexGivenTwiceIsRefused() {
        let text = Paragraph("bash").text + "Version: 2\n"
        #expect(throws: ControlError.duplicate(field: "Version", offset: text.utf8.count - 2)) {
            try PackageIndex(Array(text.utf8), archive: .debian, suite: "test")
        }
    }

    @Test(arguments: [" x\n", "Package\n", ": x\n", "\u{0}\u{0}\n"])
    func whatIsNoParagraphIsRefused(text: String) {
        #expect(throws: ControlError.line(offset: 0)) {
            try PackageIndex(Array(text.utf8), archive: .debian, suite: "test")
        }
    }
}
