// SPDX-License-Identifier: MIT OR Apache-2.0
// A caller of the sandbox as a process of its own: what the tests signal, kill and time.
//
//   sandbox-runner [--root D] [--ro SOURCE TARGET] [--rw SOURCE TARGET] [--tmp TARGET]
//                  [--overlay LOWER TARGET] [--env NAME=VALUE] [--directory D] [--offline]
//                  [--socketcall] [--format NAME MAGIC MASK INTERPRETER] -- PROGRAM [ARGUMENT…]

import Glibc
import Sandbox
import SystemPackage

/// The bytes of a string of hexadecimal digits.
func bytes(_ digits: String) -> [UInt8] {
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map {
        UInt8(values[$0] << 4 | values[$0 + 1])
    }
}

/// Reads a spec from arguments that the tests write.
func spec(from arguments: [String]) -> SandboxSpec {
    var spec = SandboxSpec(root: "/", arguments: [])
    var rest = arguments[...]
    while let option = rest.popFirst() {
        let next = { FilePath(rest.popFirst() ?? "") }
        switch option {
        case "--root": spec.root = next()
        case "--ro", "--rw":
            let source = next()
            let access: Mount.Access = option == "--ro" ? .readOnly : .readWrite
            spec.mounts.append(
                Mount(target: next(), kind: .bind(source, access, missing: .fail))
            )
        case "--tmp": spec.mounts.append(Mount(target: next(), kind: .temporary(mode: 0o755)))
        case "--overlay":
            let lower = next()
            spec.mounts.append(Mount(target: next(), kind: .overlay(lower: lower)))
        case "--env": spec.environment.append(rest.popFirst() ?? "")
        case "--directory": spec.workingDirectory = next()
        case "--socketcall": spec.allowsSocketcall = true
        case "--offline": spec.network = .none
        case "--format":
            spec.binaryFormats.append(
                BinaryFormat(
                    name: next().string,
                    magic: bytes(next().string),
                    mask: bytes(next().string),
                    interpreter: next()
                )
            )
        default:
            spec.arguments = Array(rest)
            rest = []
        }
    }
    return spec
}

do {
    let status = try run(spec(from: Array(CommandLine.arguments.dropFirst()))) { notice in
        print("\(notice)")
    }
    exit(status.code)
} catch {
    var message = "\(error)\n"
    _ = message.withUTF8 { unsafe write(2, $0.baseAddress, $0.count) }
    switch error {
    case .programNotFound: exit(127)
    case .programNotExecutable: exit(126)
    default: exit(125)
    }
}
