// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "HEALTHCHECK".

/// How a running container is asked whether it is well; checked, and without effect here.
public enum Healthcheck: Hashable, Sendable {
    /// Not at all, also where the base image says how.
    case none
    /// By a command.
    case command(CommandLine)

    init(_ statement: Statement) throws(DockerfileError) {
        var flags = FlagReader(statement)
        for name in ["interval", "timeout", "start-period", "start-interval"] {
            guard let value = try flags.value(name) else { continue }
            guard Self.isDuration(value) else {
                throw DockerfileError(.duration(value, flag: name), at: flags.location(of: name))
            }
        }
        if let retries = try flags.value("retries"), UInt32(retries) == nil {
            throw DockerfileError(.retries(retries), at: flags.location(of: "retries"))
        }
        try flags.finish()
        let kind = statement.arguments.prefix { !$0.isBlank }
        let rest = statement.arguments.dropFirst(kind.count).trimmed
        switch String(scalars: kind).uppercased() {
        case "": throw statement.wrongArguments(.some)
        case "NONE":
            guard rest.isEmpty else { throw statement.wrongArguments(.one) }
            self = .none
        case "CMD":
            guard !rest.isEmpty else { throw statement.wrongArguments(.some) }
            self = .command(try StringArray.commandLine(rest, statement))
        case let other:
            throw DockerfileError(.healthcheckKind(other), at: statement.location(of: kind))
        }
    }

    /// Numbers with units, as Go's time.ParseDuration takes them: `1m30s`, `0`.
    private static func isDuration(_ text: String) -> Bool {
        if text == "0" { return true }
        var rest = text.unicodeScalars[...]
        guard !rest.isEmpty else { return false }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isDecimalDigit || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isDecimalDigit && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard number.contains(where: \.isDecimalDigit), number.count(where: { $0 == "." }) <= 1,
                ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(String(unit))
            else { return false }
        }
        return true
    }
}

extension StringArray {
    /// A part of an instruction's arguments as an array, or as the line of a shell.
    fileprivate static func commandLine(
        _ text: ArraySlice<Unicode.Scalar>,
        _ statement: Statement
    ) throws(DockerfileError) -> CommandLine {
        do throws(StringArray.Failure) {
            if let strings = try read(text) { return .exec(strings) }
        } catch {
            throw DockerfileError(.notStrings("HEALTHCHECK"), at: statement.location(of: text))
        }
        return .shell(String(scalars: text))
    }
}
