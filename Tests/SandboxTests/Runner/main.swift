// SPDX-License-Identifier: MIT OR Apache-2.0
// A caller of the sandbox as a process of its own: what the tests signal, kill and time.
//
//   sandbox-runner [--root D] [--ro SOURCE TARGET] [--rw SOURCE TARGET] [--tmp TARGET]
//                  [--overlay LOWER TARGET] [--env NAME=VALUE] [--directory D] [--offline]
//                  [--writes D | --own-root] [--as-root] [--only-errors] [--socketcall] [--allow WHAT] [--processes N] [--format NAME MAGIC MASK INTERPRETER]
//                  [--rung BITS | --rehearse | --descend | --traced | --describe] -- PROGRAM [ARGUMENT…]

import Glibc
import Sandbox
import SystemPackage
import Tracer

/// The bytes of a string of hexadecimal digits.
func bytes(_ digits: String) -> [UInt8] {
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map {
        UInt8(values[$0] << 4 | values[$0 + 1])
    }
}

/// What is to be done with a spec.
enum Deed {
    /// Run it on a rung, or not at all.
    case run(Rung)
    /// Find the highest rung that holds, and say which.
    case rehearse
    /// Find it, and run there.
    case descend
    case trace
    /// Say what it is, and enter nothing: what the program itself costs.
    case describe
}

/// Reads a spec from arguments that the tests write.
func spec(from arguments: [String]) -> (SandboxSpec, Deed) {
    var spec = SandboxSpec(root: "/", arguments: [])
    var deed = Deed.run([])
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
        case "--writes": spec.writes = .directory(next())
        case "--own-root": spec.writes = .root
        case "--as-root": spec.user = .root
        case "--only-errors": spec.streams = .onlyErrors
        case "--socketcall": spec.allowsSocketcall = true
        case "--allow":
            if let allowance = Allowance(rawValue: next().string) {
                spec.allowances.insert(allowance)
            }
        case "--processes": spec.processLimit = Int(next().string)
        case "--offline": spec.network = .none
        case "--rung": deed = .run(Rung(rawValue: UInt8(next().string) ?? 0))
        case "--rehearse": deed = .rehearse
        case "--descend": deed = .descend
        case "--traced": deed = .trace
        case "--describe": deed = .describe
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
    return (spec, deed)
}

/// Does it; the exit status.
func perform(_ spec: SandboxSpec, _ deed: Deed) throws -> CInt {
    switch deed {
    case .run(let rung): return try Sandbox.run(spec, on: rung).code
    case .rehearse:
        print("rung \(try rehearse(spec).rawValue)")
        return 0
    case .descend: return try Sandbox.run(spec, on: try rehearse(spec)).code
    case .trace: return try Tracer.run(spec).code
    case .describe:
        print(spec)
        return 0
    }
}

do {
    let (spec, deed) = spec(from: Array(CommandLine.arguments.dropFirst()))
    exit(try perform(spec, deed))
} catch {
    var message = "\(error)\n"
    _ = message.withUTF8 { unsafe write(2, $0.baseAddress, $0.count) }
    switch error {
    case SandboxError.programNotFound, TracerError.command(.programNotFound): exit(127)
    case SandboxError.programNotExecutable, TracerError.command(.programNotExecutable): exit(126)
    default: exit(125)
    }
}
