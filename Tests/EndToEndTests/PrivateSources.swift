// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage

/// Private dependencies of one test's own, served over ssh and HTTP on this machine.
struct PrivateSources: ~Copyable {
    let directory: FilePath
    let sshPort: String
    let httpPort: String
    private let server: Process
    private let input: Pipe

    /// Starts the servers as the home's user.
    init(in home: borrowing Home) throws {
        guard let sources = ProcessInfo.processInfo.environment["CROSS_TEST_SOURCES"] else {
            throw NotPrepared(missing: "CROSS_TEST_SOURCES")
        }
        let directory = home.path.appending("private")
        try FileManager.default.createDirectory(
            atPath: directory.string,
            withIntermediateDirectories: true
        )
        try home.give(directory)
        let script = "\(sources)/Tests/Fixtures/private-sources"
        let (server, input, output) = (Process(), Pipe(), Pipe())
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments = home.command([script, directory.string], [:])
        server.standardInput = input
        server.standardOutput = output
        try server.run()
        // Nothing comes after the one line, so this is all of it, or the end.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let ports = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard ports.count == 2 else { throw NotPrepared(missing: "private-sources") }
        self.directory = directory
        (sshPort, httpPort) = (ports[0], ports[1])
        self.server = server
        self.input = input
    }

    deinit {
        try? input.fileHandleForWriting.close()
        server.waitUntilExit()
    }

    var agent: String { directory.appending("agent").string }
    var repository: String { directory.pushing("served/git/remote.git").string }
}
