// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: LLVM, "libFuzzer", "Using libFuzzer as a library".

import CFuzzer
import Glibc

// fuzz TARGET --seeds DIRECTORY writes what to start with; fuzz TARGET [ARGUMENT...] is libFuzzer.
guard let name = CommandLine.arguments.dropFirst().first, let target = FuzzTarget(rawValue: name)
else {
    print(FuzzTarget.allCases.map(\.rawValue).joined(separator: "\n"))
    exit(2)
}
if CommandLine.arguments.dropFirst(2).first == "--seeds", let directory = CommandLine.arguments.last
{
    try target.writeSeeds(to: directory)
    exit(0)
}
var count = CommandLine.argc - 1
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
    unsafe CommandLine.unsafeArgv + 1
let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { data, size in
    let bytes = unsafe UnsafeBufferPointer(start: data, count: size)
    FuzzTarget.chosen.run(unsafe Array(bytes))
    return 0
}
exit(status)
