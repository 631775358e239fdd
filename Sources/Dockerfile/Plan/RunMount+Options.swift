// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "RUN --mount".

import OCIStore

extension RunMount {
    /// What a `--mount` means where it stands.
    init(
        _ options: MountOptions,
        _ state: StageState,
        _ context: InstructionContext
    ) throws(DockerfileError) {
        var values: [String: String] = [:]
        for option in options.options {
            let value = try option.value.map { word throws(DockerfileError) in
                option.key == "from" ? word : try state.expand(word, context)
            }
            values[MountValues.plainKey(option.key)] = value ?? "true"
        }
        let origin = try options.from.map { name throws(DockerfileError) in
            try context.origin(name)
        }
        do throws(MountFault) {
            self = try MountValues(values).mount(
                origin,
                workingDirectory: state.configuration.workingDirectory
            )
        } catch {
            throw context.error(.mount(error))
        }
    }
}

/// The options of a mount, expanded, each under one spelling of its key.
private struct MountValues {
    private var values: [String: String]
    private let type: String

    init(_ values: [String: String]) {
        self.values = values
        self.type = values["type"]?.lowercased() ?? "bind"
        self.values["type"] = nil
        self.values["from"] = nil
    }

    static func plainKey(_ key: String) -> String {
        switch key {
        case "src": "source"
        case "dst", "destination": "target"
        case "ro": "readonly"
        case "rw": "readwrite"
        default: key
        }
    }

    /// Builds the mount; an option that its type does not know is an error.
    func mount(
        _ origin: FileOrigin?,
        workingDirectory: String
    ) throws(MountFault) -> RunMount {
        let isReadOnly = try readOnly()
        switch type {
        case "bind":
            try allow(["source", "target"], origin: origin)
            return RunMount(
                kind: .bind(origin ?? .context, source: values["source"] ?? "/"),
                target: try target(workingDirectory),
                isReadOnly: isReadOnly ?? true
            )
        case "cache":
            try allow(["source", "target", "id", "sharing", "mode", "uid", "gid"], origin: origin)
            let target = try target(workingDirectory)
            return RunMount(
                kind: .cache(
                    id: values["id"].flatMap { $0.isEmpty ? nil : $0 } ?? target,
                    try sharing(),
                    origin: origin ?? .empty,
                    source: values["source"] ?? "/",
                    try ownership()
                ),
                target: target,
                isReadOnly: isReadOnly ?? false
            )
        case "tmpfs":
            try allow(["target", "size"], origin: origin)
            return RunMount(
                kind: .tmpfs(size: try size()),
                target: try target(workingDirectory),
                isReadOnly: isReadOnly ?? false
            )
        case "secret":
            try allow(
                ["source", "target", "id", "required", "mode", "uid", "gid", "env"],
                origin: nil
            )
            guard origin == nil else { throw .misplaced("from", type: type) }
            return try secret(workingDirectory)
        case "ssh": throw .unsupportedType(type)
        default: throw .unknownType(type)
        }
    }

    private func allow(_ keys: Set<String>, origin: FileOrigin?) throws(MountFault) {
        let others = Set(values.keys).subtracting(keys).subtracting(["readonly", "readwrite"])
        if let key = others.min() { throw .misplaced(key, type: type) }
        // A tmpfs is made of nothing.
        guard type != "tmpfs" || origin == nil else { throw .misplaced("from", type: type) }
    }

    private func secret(_ workingDirectory: String) throws(MountFault) -> RunMount {
        guard values["id"] == nil || values["source"] == nil else { throw .secretName }
        let target = values["target"]
        let id = values["source"] ?? values["id"] ?? target.flatMap(GuestPath.lastComponent)
        guard let id, !id.isEmpty else { throw .secretName }
        var path = target.map { GuestPath.join(workingDirectory, $0) }
        if path == nil, values["env"] == nil {
            guard let name = GuestPath.lastComponent(id) else { throw .secretName }
            path = GuestPath.join("/run/secrets", name)
        }
        return RunMount(
            kind: .secret(
                id: id,
                variable: values["env"],
                isRequired: try truth("required") ?? false,
                try ownership()
            ),
            target: path,
            isReadOnly: true
        )
    }

    /// Where no target is named, it is the working directory.
    private func target(_ workingDirectory: String) throws(MountFault) -> String {
        let path = GuestPath.join(workingDirectory, values["target"] ?? "")
        guard path != "/" else { throw .target(values["target"] ?? "") }
        return path
    }

    private func readOnly() throws(MountFault) -> Bool? {
        if let value = try truth("readonly") { return value }
        return try truth("readwrite").map { !$0 }
    }

    private func truth(_ key: String) throws(MountFault) -> Bool? {
        switch values[key] {
        case nil: nil
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        case let other?: throw .value(other, key: key)
        }
    }

    private func sharing() throws(MountFault) -> RunMount.Sharing {
        guard let text = values["sharing"] else { return .shared }
        guard let sharing = RunMount.Sharing(rawValue: text.lowercased()) else {
            throw .value(text, key: "sharing")
        }
        return sharing
    }

    private func ownership() throws(MountFault) -> RunMount.Ownership {
        RunMount.Ownership(
            mode: try number("mode", radix: 8),
            uid: try number("uid", radix: 10),
            gid: try number("gid", radix: 10)
        )
    }

    private func number(_ key: String, radix: Int) throws(MountFault) -> UInt32? {
        guard let text = values[key] else { return nil }
        guard let number = UInt32(text, radix: radix) else { throw .value(text, key: key) }
        return number
    }

    /// Bytes, or with a suffix of 1024's powers: `64m`, `1gb`, `2GiB`.
    private func size() throws(MountFault) -> Int64? {
        guard let text = values["size"] else { return nil }
        let digits = text.utf8.prefix { (48...57).contains($0) }
        let suffix = String(Substring(text.utf8.dropFirst(digits.count))).lowercased()
        let powers = ["": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4]
        let unit =
            suffix.utf8.count > 1 && suffix.utf8.last == UInt8(ascii: "b")
            ? suffix.dropLast(suffix.utf8.count == 3 ? 2 : 1) : suffix[...]
        guard let number = Int64(Substring(digits)), let power = powers[String(unit)],
            number <= Int64.max >> (10 * power)
        else { throw .value(text, key: "size") }
        return number << (10 * power)
    }
}
