// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation
import SystemPackage

/// What a program that ran to its end left behind.
package struct Finished {
    package let status: Int32
    package let output: String
}

/// Starts a program found through PATH.
package func start(_ arguments: [String], output: FileHandle? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = output ?? FileHandle.nullDevice
    try process.run()
    return process
}

/// Runs a program to its end.
@discardableResult
package func run(_ arguments: String...) throws -> Finished { try run(arguments) }

/// Runs a program to its end.
@discardableResult
package func run(_ arguments: [String]) throws -> Finished {
    let pipe = Pipe()
    let process = try start(arguments, output: pipe.fileHandleForWriting)
    try pipe.fileHandleForWriting.close()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Finished(
        status: process.terminationStatus,
        output: String(decoding: output, as: UTF8.self)
    )
}

/// Bytes through a program that compresses.
package func compressed(_ bytes: [UInt8], with program: [String]) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let input = directory.path.appending("input").string
    try Data(bytes).write(to: URL(fileURLWithPath: input))
    let finished = try run(["sh", "-c", "\"$@\" < \(input) > \(input).out", "sh"] + program)
    guard finished.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    return Array(try Data(contentsOf: URL(fileURLWithPath: "\(input).out")))
}
