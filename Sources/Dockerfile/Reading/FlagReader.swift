// SPDX-License-Identifier: MIT OR Apache-2.0

/// Hands out an instruction's flags, and refuses what is left.
struct FlagReader {
    private let statement: Statement
    private var rest: [Statement.Flag]

    init(_ statement: Statement) {
        self.statement = statement
        self.rest = statement.flags
    }

    /// The value of a flag that may be there once.
    mutating func value(_ name: String) throws(DockerfileError) -> String? {
        let found = try values(name)
        guard found.count <= 1 else { throw fault(.repeatedFlag(name), name) }
        return found.first
    }

    /// The values of a flag that may be repeated.
    mutating func values(_ name: String) throws(DockerfileError) -> [String] {
        var values: [String] = []
        for flag in take(name) {
            guard let value = flag.value else {
                throw DockerfileError(.flagWithoutValue(flag.name), at: flag.location)
            }
            values.append(value)
        }
        return values
    }

    /// A flag that is true by being there; `nil` where it is not.
    mutating func truth(_ name: String) throws(DockerfileError) -> Bool? {
        let found = take(name)
        guard found.count <= 1 else { throw fault(.repeatedFlag(name), name) }
        guard let flag = found.first else { return nil }
        switch flag.value?.lowercased() {
        case nil, "true": return true
        case "false": return false
        default: throw DockerfileError(.flagNotBoolean(name), at: flag.location)
        }
    }

    /// Refuses a flag that other builders know.
    func refuse(_ name: String) throws(DockerfileError) {
        guard rest.contains(where: { $0.name == name }) else { return }
        throw fault(.unsupported("\(statement.keyword) --\(name)"), name)
    }

    /// Where a flag stands, for errors about its value.
    func location(of name: String) -> SourceLocation {
        statement.flags.first { $0.name == name }?.location ?? statement.location
    }

    /// Refuses every flag that nobody asked for.
    consuming func finish() throws(DockerfileError) {
        guard let flag = rest.first else { return }
        throw DockerfileError(
            .unknownFlag(flag.name, instruction: statement.keyword),
            at: flag.location
        )
    }

    private mutating func take(_ name: String) -> [Statement.Flag] {
        let found = rest.filter { $0.name == name }
        rest.removeAll { $0.name == name }
        return found
    }

    private func fault(_ fault: DockerfileFault, _ name: String) -> DockerfileError {
        let last = statement.flags.last { $0.name == name }
        return DockerfileError(fault, at: last?.location ?? statement.location)
    }
}
