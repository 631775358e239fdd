// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "Understand how ARG and FROM interact".

/// What is known in front of the first FROM: to FROM lines, and to stages that ask by name.
struct GlobalScope {
    let variables: [String: String]
    /// The names that ARGs declare.
    let declared: Set<String>
    let escape: Unicode.Scalar

    init(
        _ dockerfile: Dockerfile,
        _ arguments: BuildArguments,
        stage: String?
    ) throws(DockerfileError) {
        var variables = arguments.platformVariables(stage: stage)
        var declared = Set(variables.keys)
        for declarations in dockerfile.arguments {
            for declaration in declarations.value {
                declared.insert(declaration.name)
                if let given = arguments.values[declaration.name] {
                    variables[declaration.name] = given
                } else if let value = declaration.value {
                    let expansion = WordExpansion(variables, escape: dockerfile.escape)
                    variables[declaration.name] = try expansion.expand(value, at: declarations)
                }
            }
        }
        self.variables = variables
        self.declared = declared
        self.escape = dockerfile.escape
    }

    /// Expands a word of a FROM.
    func expand(_ word: String, _ from: Located<String>) throws(DockerfileError) -> String {
        try WordExpansion(variables, escape: escape).expand(word, at: from)
    }
}

extension WordExpansion {
    /// Expands a word of an instruction.
    func expand<Value>(
        _ word: String,
        at place: Located<Value>
    ) throws(DockerfileError) -> String {
        do throws(ExpansionFault) {
            return try expand(word)
        } catch {
            throw DockerfileError(.expansion(error), at: place.location)
        }
    }
}
