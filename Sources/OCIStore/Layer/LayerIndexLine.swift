// SPDX-License-Identifier: MIT OR Apache-2.0

/// One line of a layer's index, split into its words.
struct LayerIndexLine {
    private var name: ArraySlice<UInt8> = []
    private var type: ArraySlice<UInt8> = []
    private var mode: UInt32?
    private var uid: Int64?
    private var gid: Int64?
    private var time: ModificationTime?
    private var size: Int64?
    private var digest: Digest?
    private var link: PathBytes?
    private var device: (major: UInt32, minor: UInt32)?
    private var object: Digest?
    private var hardLink: LayerPath?
    private var attributes: [ExtendedAttribute] = []
    private var isIntact = true

    init(_ text: ArraySlice<UInt8>) {
        // Word by word: a list of them for each line is what a large tree would wait for.
        var rest = text
        name = Self.word(of: &rest)
        while !rest.isEmpty {
            // The space.
            rest = rest.dropFirst()
            guard let (key, value) = Self.cut(Self.word(of: &rest), at: "="), read(key, value)
            else {
                isIntact = false
                return
            }
        }
    }

    /// Takes what comes before the next space, or all.
    private static func word(of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    /// What the line says; `nil` where it is not what the writer writes.
    var entry: LayerEntry? {
        guard isIntact, let mode, let uid, let gid, let time,
            let bytes = VisEncoding.decode(name),
            let name = try? LayerName(bytes[...])
        else { return nil }
        let metadata = InodeMetadata(
            mode: mode,
            uid: uid,
            gid: gid,
            time: time,
            attributes: attributes
        )
        let (path, kind): (LayerPath, LayerEntry.Kind?) =
            switch name {
            case .path(let path): (path, self.kind)
            case .whiteout(let path): (path, .whiteout)
            case .opaque(let path): (path, .opaque)
            case .ignored: (.root, nil)
            }
        return kind.map { LayerEntry(path: path, kind: $0, metadata: metadata) }
    }

    private var kind: LayerEntry.Kind? {
        switch String(decoding: type, as: UTF8.self) {
        case "dir": return .directory
        case "fifo": return .fifo
        case "link": return link.map { .symbolicLink($0) }
        case "char":
            return device.map { .device(.init(isBlock: false, major: $0.major, minor: $0.minor)) }
        case "block":
            return device.map { .device(.init(isBlock: true, major: $0.major, minor: $0.minor)) }
        case "file":
            if let hardLink { return .hardLink(hardLink) }
            guard let size, let digest, let object else { return nil }
            return .file(FileContent(size: size, digest: digest, object: ObjectName(object)))
        default: return nil
        }
    }

    /// Takes one word in; false where it is none of ours.
    private mutating func read(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
        switch String(decoding: key, as: UTF8.self) {
        case "type":
            type = value
            return true
        case "mode":
            mode = UInt32(String(decoding: value, as: UTF8.self), radix: 8)
            return mode != nil
        case "uid":
            uid = Self.number(value)
            return uid != nil
        case "gid":
            gid = Self.number(value)
            return gid != nil
        case "time": return readTime(value)
        case "size":
            size = Self.number(value)
            return size != nil
        case "sha256digest":
            digest = Digest(hexadecimal: value)
            return digest != nil
        case "link":
            link = VisEncoding.decode(value).flatMap { PathBytes($0[...]) }
            return link != nil
        case "device": return readDevice(value)
        case "tags":
            return value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .allSatisfy { readTag($0) }
        default: return false
        }
    }

    private mutating func readTime(_ value: ArraySlice<UInt8>) -> Bool {
        guard let (seconds, nanoseconds) = Self.cut(value, at: "."), nanoseconds.count == 9,
            let seconds: Int64 = Self.number(seconds),
            let nanoseconds: UInt32 = Self.number(nanoseconds)
        else { return false }
        time = ModificationTime(seconds: seconds, nanoseconds: Int64(nanoseconds))
        return true
    }

    private mutating func readDevice(_ value: ArraySlice<UInt8>) -> Bool {
        let parts = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("linux".utf8),
            let major: UInt32 = Self.number(parts[1]), let minor: UInt32 = Self.number(parts[2])
        else { return false }
        device = (major, minor)
        return true
    }

    private mutating func readTag(_ tag: ArraySlice<UInt8>) -> Bool {
        guard let (key, value) = Self.cut(tag, at: ":") else { return false }
        switch String(decoding: key, as: UTF8.self) {
        case "object":
            object = Digest(hexadecimal: value)
            return object != nil
        case "hardlink":
            hardLink = VisEncoding.decode(value).flatMap { bytes in
                try? LayerPath(bytes[...])
            }
            return hardLink != nil
        case "xattr":
            guard let (name, content) = Self.cut(value, at: ":"),
                let name = VisEncoding.decode(name), let content = VisEncoding.decode(content)
            else { return false }
            attributes.append(ExtendedAttribute(name: name, value: content))
            return true
        default: return false
        }
    }

    private static func cut(
        _ text: ArraySlice<UInt8>,
        at separator: Unicode.Scalar
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        guard let index = text.firstIndex(of: UInt8(ascii: separator)) else { return nil }
        return (text[..<index], text[(index + 1)...])
    }

    private static func number<Number: FixedWidthInteger>(_ text: ArraySlice<UInt8>) -> Number? {
        guard text.first != UInt8(ascii: "+") else { return nil }
        return Number(String(decoding: text, as: UTF8.self))
    }
}
