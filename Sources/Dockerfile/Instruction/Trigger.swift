// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "ONBUILD".

extension Statement {
    /// The instruction that `ONBUILD` keeps for later, with its here-documents, as written.
    ///
    /// It is read now, so that an error in it is found where it stands.
    func trigger() throws(DockerfileError) -> String {
        try FlagReader(self).finish()
        guard !arguments.isEmpty else { throw wrongArguments(.some) }
        let inner = try Statement(inside: self)
        guard !["ONBUILD", "FROM", "MAINTAINER"].contains(inner.keyword) else {
            throw DockerfileError(.trigger(inner.keyword), at: location(of: arguments))
        }
        _ = try Instruction(inner)
        var text = String(scalars: arguments)
        for heredoc in heredocs { text += "\n\(heredoc.content)\(heredoc.name)" }
        return text
    }
}

extension Instruction {
    /// Reads a trigger of a base image, or of the stage that another builds on; hostile.
    ///
    /// Errors point at the FROM that sets it off.
    static func trigger(
        _ text: String,
        from: Located<String>
    ) throws(DockerfileError) -> Located<Instruction> {
        let foreign = DockerfileError(.foreignTrigger(text), at: from.location)
        do throws(DockerfileError) {
            var reader = LineReader(try DockerfileText(Array(text.utf8)))
            guard let line = try reader.line() else { throw foreign }
            let statement = try Statement(line, escape: "\\") {
                (word, location) throws(DockerfileError) in
                try reader.content(of: word, at: location)
            }
            guard try reader.line() == nil, statement.keyword != "ONBUILD" else { throw foreign }
            let instruction = try Instruction(statement)
            return from.map { _ in instruction }
        } catch {
            throw foreign
        }
    }
}
