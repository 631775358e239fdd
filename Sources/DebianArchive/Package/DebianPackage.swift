// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb(5); dpkg, src/main/unpack.c.

public import OCILayer
public import OCIStore
public import SystemPackage

/// A binary package of Debian, exactly one version of it.
///
/// Its layer has what the package installs, in the places of a tree with merged `/usr` and without
/// what `PathFilter` leaves out, and its files of dpkg's database:
///
///     var/lib/dpkg/info/<name>[:<architecture>].list, .md5sums, .postinst, …
///     var/lib/dpkg/status.d/<name>:<architecture>      its paragraph of var/lib/dpkg/status
///
/// The configuration layer on top of all packages removes the directory `status.d`, which dpkg does
/// not know, after having made the database of its paragraphs.
public struct DebianPackage: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its version with epoch and revision.
    public let version: String
    /// What it is for, or `all`.
    public let architecture: String
    /// The digest of the `.deb` file.
    public let digest: Digest

    /// Changes whenever the same package gets another layer.
    private static let layerFormat = 1

    /// A package of the given parts, which come from an index of an archive.
    public init(name: String, version: String, architecture: String, digest: Digest) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.digest = digest
    }

    /// What the package's layer is called in a store, in place of a diff ID.
    public var key: Digest { Self.key(of: digest) }

    /// What the layer of a `.deb` file is called in a store, in place of a diff ID.
    ///
    /// - Parameter digest: of the file.
    /// - Returns: another one for each format of the layer, and for each file.
    public static func key(of digest: Digest) -> Digest {
        Digest.of(Array("cross debian package \(layerFormat)\n\(digest.hex)\n".utf8))
    }

    /// Unpacks the package into a layer, whole or not at all.
    ///
    /// - Parameters:
    ///   - deb: the file; the caller has checked its digest. Only what it says of itself is
    ///     compared here.
    ///   - staged: takes the layer as `key`, and publishes it with others.
    ///   - limits: how large it may be.
    ///   - progress: called on another thread, now and then, with how many bytes of the package's
    ///     largest part were consumed since its beginning.
    /// - Returns: what was noticed.
    /// - Throws: `PackageError`; nothing of the layer is staged then.
    @discardableResult
    public func unpack(
        _ deb: FilePath,
        into staged: StagedLayers,
        limits: LayerLimits = LayerLimits(),
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(PackageError) -> LayerSummary {
        let subject = PackageSubject(name: "\(name)_\(version)_\(architecture)")
        let container = try DebianContainer.read(deb, subject)
        let archive = try ControlArchive.read(container.control, limits: limits, subject)
        guard let paragraph = archive.file("control") else {
            throw subject.fault(.controlParagraph(line: 1))
        }
        let control = try subject.checking { () throws(PackageFault) in
            try checked(try PackageControl(paragraph.content))
        }
        return try subject.reading(.data) { () throws(LayerError) in
            let stream = DecodedStream(
                of: container.data.part,
                container.data.codec,
                limits: limits,
                isHashed: false,
                progress: progress
            )
            defer { stream.cancel() }
            var unpacker = try LayerUnpacker(into: staged, limits: limits)
            let configurationFiles = archive.configurationFiles
            var placement = DataPlacement(configurationFiles: configurationFiles.map(\.path))
            try unpacker.read(try ArchiveReader.tar(stream), &placement)
            try stream.digest()
            placement.finishContent()
            let status = StatusParagraph.text(
                of: control,
                configurationFiles.map { file in
                    StatusParagraph.ConfigurationFile(
                        path: file.path,
                        digest: placement.digests[file.path],
                        isObsolete: file.isObsolete
                    )
                }
            )
            for file in archive.files where !file.name.elementsEqual("control".utf8) {
                let path = DatabasePath.info(control, file.name)
                try unpacker.append(file.content, at: path, file.metadata)
            }
            let metadata = InodeMetadata(mode: 0o644, time: paragraph.time)
            let list = DatabasePath.info(control, Array("list".utf8))
            try unpacker.append(placement.list, at: list, metadata)
            try unpacker.append(status, at: DatabasePath.status(control), metadata)
            return try unpacker.stage(as: key)
        }
    }

    /// The paragraph, where it is of this very package.
    private func checked(_ control: PackageControl) throws(PackageFault) -> PackageControl {
        guard control.name == name else { throw .identity(field: "Package") }
        guard control.version == version else { throw .identity(field: "Version") }
        guard control.architecture == architecture else { throw .identity(field: "Architecture") }
        return control
    }
}

extension ControlArchive {
    /// A line of the list of configuration files.
    fileprivate struct ConfigurationFile {
        let path: [UInt8]
        let isObsolete: Bool
    }

    /// The configuration files in their order.
    ///
    /// Source: deb-conffiles(5).
    fileprivate var configurationFiles: [ConfigurationFile] {
        let lines = file("conffiles")?.content.split(separator: UInt8(ascii: "\n")) ?? []
        return lines.compactMap { line in
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard let path = words.last, path.first == UInt8(ascii: "/") else { return nil }
            return ConfigurationFile(path: Array(path), isObsolete: words.count > 1)
        }
    }
}

extension ControlArchive.File {
    fileprivate var metadata: InodeMetadata { InodeMetadata(mode: mode, time: time) }
}
