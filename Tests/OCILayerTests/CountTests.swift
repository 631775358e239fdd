// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// What a file of a layer costs, in system calls: no machine's speed is in these numbers.
@Suite struct CountTests: ~Copyable {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Open, write, time, close; and a link to it in the tree.
    @Test func aSmallFileOfANewStoreTakesFiveCalls() throws {
        #expect(try callsPerFile(mode: 0o644) <= 5.1)
    }

    /// Layers that are written at the same time share the directories of their objects.
    @Test func soDoesOneOfAnUpperLayer() throws {
        let lower = archive(files: 1500, mode: 0o644)
        let few = try calls([lower, archive(files: 1500, mode: 0o600)], as: "two")
        let many = try calls([lower, archive(files: 2000, mode: 0o600)], as: "two-more")
        #expect(Double(many - few) / 500 <= 5.1)
    }

    /// And its mode, where the process's own mask would have another.
    @Test func aFileOfUnusualModeTakesOneMore() throws {
        #expect(try callsPerFile(mode: 0o666) <= 6.1)
    }

    /// Is it there, and a rename of its own: the directory that it goes into cannot be moved.
    @Test func aSmallFileThatTheStoreLacksTakesSevenCalls() throws {
        let lower = archive(files: 2000, mode: 0o600)
        _ = try calls([lower], as: "filled")
        let few = try calls([lower, archive(files: 500, mode: 0o644)], as: "filled", fresh: false)
        _ = try calls([lower], as: "filled")
        let many = try calls(
            [lower, archive(files: 1000, mode: 0o644)],
            as: "filled",
            fresh: false
        )
        #expect(Double(many - few) / 500 <= 7.1)
    }

    /// However many layers there are: once while the tree is made, and once after.
    @Test func anImageIsSynchronisedTwice() throws {
        let layers = (1...4).map { archive(files: 10 * $0, mode: 0o644) }
        _ = try calls(layers, as: "synchronised")
        let trace = directory.path.appending("trace").string
        let text = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(text.split(separator: "\n").count { $0.contains("syncfs(") } == 2)
        #expect(text.split(separator: "\n").count { $0.contains("fsync(") } <= 2)
    }

    /// Is it there; and a link to it in the tree.
    @Test func aFileThatTheStoreHasTakesTwoCalls() throws {
        let lower = archive(files: 300, mode: 0o644)
        let before = try calls([lower], as: "again")
        // The same files, and a directory that makes it another layer.
        var upper = lower
        upper.add("one more/", type: "5", mode: 0o755)
        let after = try calls([lower, upper], as: "again", fresh: false)
        #expect(after < before)
        let fixed = try fixed
        #expect(Double(after - fixed) / 300 <= 2.1)
    }

    /// A tree of a store with many others costs what its own files demand.
    @Test func anotherTreeCostsTheSameInALargeStore() throws {
        let base = archive(files: 500, mode: 0o644)
        let tops = (1...9).map { archive(files: $0, mode: 0o600) }
        _ = try calls([base, tops[0]], as: "growing")
        let second = try calls([base, tops[1]], as: "growing", fresh: false)
        for top in tops[2..<8] { _ = try calls([base, top], as: "growing", fresh: false) }
        let ninth = try calls([base, tops[8]], as: "growing", fresh: false)
        // Seven files more than the second, in directories for objects that may have to be made.
        #expect(ninth - second <= 7 * 12, "\(second) calls for the second, \(ninth) for the ninth")
    }

    /// Its name in the tree, a look at its object, and that one's name.
    @Test func pruningAFileTakesThreeCalls() throws {
        let counts = try [1500, 2000].map { count in
            _ = try calls([archive(files: count, mode: 0o644)], as: "pruned")
            return try calls([], as: "pruned", fresh: false)
        }
        #expect(Double(counts[1] - counts[0]) / 500 <= 3.1)
    }

    /// What a run costs that has no file.
    private var fixed: Int {
        get throws { try calls([archive(files: 0, mode: 0o644)], as: "fixed") }
    }

    private func callsPerFile(mode: Int) throws -> Double {
        // So many that hardly any directory for objects is still to be made.
        let few = try calls([archive(files: 1500, mode: mode)], as: "few")
        let many = try calls([archive(files: 2000, mode: mode)], as: "many")
        return Double(many - few) / 500
    }

    private func archive(files: Int, mode: Int) -> TarBuilder {
        var tar = TarBuilder()
        tar.add("./", type: "5", mode: 0o755)
        tar.add("d/", type: "5", mode: 0o755)
        for index in 0..<files { tar.add("d/\(index)", content: "content \(index)", mode: mode) }
        return tar
    }

    /// The system calls on files that unpacking and materialising make, counted by strace.
    private func calls(_ archives: [TarBuilder], as name: String, fresh: Bool = true) throws -> Int
    {
        let store = directory.path.appending("store-\(name)").string
        if fresh { try? FileManager.default.removeItem(atPath: store) }
        var arguments: [String] = []
        for tar in archives {
            let blob = directory.path.appending(Digest.of(tar.archive).hex).string
            try Data(tar.archive).write(to: URL(filePath: blob))
            arguments += [
                "application/vnd.oci.image.layer.v1.tar", blob, "\(Digest.of(tar.archive))",
            ]
        }
        let trace = directory.path.appending("trace").string
        // Neither memory, nor what the threads say to each other, nor the reading of the blob.
        let files = "trace=%file,write,close,fchmod,fsetxattr,ftruncate,syncfs,fsync"
        let watch = ["strace", "-f", "-e", files, "-o", trace]
        let finished = try run(watch + [unpackLayers, store] + arguments)
        try #require(finished.status == 0, "\(finished.output)")
        return try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
            .count { !$0.contains("resumed>") && !$0.contains("+++") && !$0.contains("---") }
    }
}
