// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import StoreTestSupport
import SystemPackage

/// What a program that ran to its end left behind.
struct Finished {
    let status: Int32
    let output: String
}

/// Starts a program found through PATH.
func start(_ arguments: [String], output: FileHandle? = nil) throws -> Process {
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
func run(_ arguments: String...) throws -> Finished { try run(arguments) }

/// Runs a program to its end.
@discardableResult
func run(_ arguments: [String]) throws -> Finished {
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

/// The program of this package that unpacks layers in a process of its own.
var unpackLayers: String {
    // The test bundle and the products of the package are built into one directory.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return FilePath(bundle).removingLastComponent().appending("UnpackLayers").string
}
