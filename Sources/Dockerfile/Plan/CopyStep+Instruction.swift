// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

extension CopyStep {
    /// What a `COPY` means where it stands.
    init(
        _ copy: CopyInstruction,
        _ state: StageState,
        _ context: InstructionContext
    ) throws(DockerfileError) {
        var sources: [Source] = []
        for path in copy.transfer.sources {
            let path = try state.expand(path, context)
            guard !RemoteSource.isRemote(path) else { throw context.error(.urlInCopy(path)) }
            sources.append(.path(path))
        }
        var origin = FileOrigin.context
        if let from = copy.from { origin = try context.origin(from) }
        try self.init(
            copy.transfer,
            state,
            context,
            origin: origin,
            sources: sources,
            keepsParents: copy.keepsParents,
            unpacks: .none
        )
    }

    /// What an `ADD` means where it stands.
    init(
        _ add: AddInstruction,
        _ state: StageState,
        _ context: InstructionContext
    ) throws(DockerfileError) {
        let checksum = try add.checksum.map { text throws(DockerfileError) in
            try Self.checksum(try state.expand(text, context), context)
        }
        var sources: [Source] = []
        for source in add.transfer.sources {
            let source = try state.expand(source, context)
            guard !RemoteSource.isRepository(source) else {
                throw context.error(.unsupported("ADD \(source)"))
            }
            if RemoteSource.isURL(source) {
                sources.append(.url(RemoteFile(url: source, checksum: checksum)))
            } else if checksum != nil {
                throw context.error(.checksumWithoutURL)
            } else {
                sources.append(.path(source))
            }
        }
        try self.init(
            add.transfer,
            state,
            context,
            origin: .context,
            sources: sources,
            keepsParents: false,
            unpacks: add.unpacks.map { $0 ? .all : .none } ?? .local
        )
    }

    private init(
        _ transfer: FileTransfer,
        _ state: StageState,
        _ context: InstructionContext,
        origin: FileOrigin,
        sources: [Source],
        keepsParents: Bool,
        unpacks: Unpacking
    ) throws(DockerfileError) {
        var documents: [Source] = []
        for document in transfer.documents {
            // Quotes are text here, and a backslash escapes whatever the directive says.
            let expansion = WordExpansion(state.variables, escape: "\\", readsQuotes: false)
            let content =
                document.expands
                ? try expansion.expand(document.text, at: context.place) : document.text
            documents.append(.document(name: document.name, content: content))
        }
        var mode: FileMode?
        if let word = transfer.mode {
            let text = try state.expand(word, context)
            guard let parsed = FileMode(text) else { throw context.error(.mode(text)) }
            mode = parsed
        }
        let owner = try transfer.owner.map { word throws(DockerfileError) in
            try state.expand(word, context)
        }
        self.init(
            origin: origin,
            sources: sources + documents,
            destination: GuestPath.destination(
                try state.expand(transfer.destination, context),
                in: state.configuration.workingDirectory
            ),
            owner: owner?.isEmpty == true ? nil : owner,
            mode: mode,
            excluded: transfer.excluded,
            keepsParents: keepsParents,
            isLinked: transfer.isLinked,
            unpacks: unpacks
        )
    }

    /// Whether there are several sources, downloads among them, and the destination does not ask
    /// for a directory.
    package var needsDirectory: Bool {
        let hasDownload = sources.contains { if case .url = $0 { true } else { false } }
        return hasDownload && sources.count > 1 && destination.utf8.last != UInt8(ascii: "/")
    }

    /// The same for one of its sources.
    package func only(_ source: Source) -> CopyStep {
        CopyStep(
            origin: origin,
            sources: [source],
            destination: destination,
            owner: owner,
            mode: mode,
            excluded: excluded,
            keepsParents: keepsParents,
            isLinked: isLinked,
            unpacks: unpacks
        )
    }

    private static func checksum(
        _ text: String,
        _ context: InstructionContext
    ) throws(DockerfileError) -> Digest {
        do throws(DigestError) {
            return try Digest(text)
        } catch {
            throw context.error(.checksum(text))
        }
    }
}

extension CopyStep {
    /// The copy of one path or directory of the context to the same place in an empty root, for
    /// what mounts it.
    ///
    /// - Parameter source: as the mount has it.
    package init(binding source: String) {
        self.init(
            origin: .context,
            sources: [.path(source)],
            destination: GuestPath.clean(source),
            owner: nil,
            mode: nil,
            excluded: [],
            keepsParents: false,
            isLinked: false,
            unpacks: .none
        )
    }
}

extension CopyStep.RemoteFile {
    /// A file, called as the last part of the URL's path says.
    fileprivate init(url: String, checksum: Digest?) {
        self.url = url
        self.checksum = checksum
        // What a server calls it is not asked: the name is to be known before.
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let parts = path.split(separator: UInt8(ascii: "/"))
        let last = parts.count > 2 ? parts.last.map { String(Substring($0)) } : nil
        self.name = last.flatMap { FileTransfer.isFileName($0) ? $0 : nil } ?? "__unnamed__"
    }
}
