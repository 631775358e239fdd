// SPDX-License-Identifier: MIT OR Apache-2.0

/// A directory as someone sees it who looks at a layer on top of the layers below.
struct TreePosition {
    /// The layer's own directory; `nil` where the layer does not have it.
    var upper: TreeDirectory?
    /// The lower layers' directory; `nil` where they have none or the layer hides it.
    var lower: TreeDirectory?

    /// What is seen under a name.
    func entry(_ name: PathBytes) -> TreeNode? {
        upper?.entries[name] ?? visibleLower(name)
    }

    /// The position of a directory inside this one; each side is `nil` where it has none.
    func entered(_ name: PathBytes) -> TreePosition {
        guard case .directory(let lower) = visibleLower(name) else {
            return TreePosition(upper: upper?.directory(name), lower: nil)
        }
        return TreePosition(upper: upper?.directory(name), lower: lower)
    }

    private func visibleLower(_ name: PathBytes) -> TreeNode? {
        if let upper, upper.isOpaque || upper.removals.contains(name) { return nil }
        return lower?.entries[name]
    }
}

/// A walk from the root of a tree, following symbolic links inside it as the kernel would.
struct TreeWalk {
    /// path_resolution(7): the kernel follows so many before ELOOP.
    private static let maximumHops = 40

    /// From the root down to where the walk is; never empty, so `..` cannot leave the root.
    private(set) var position: TreePosition
    private var ancestors: [TreePosition] = []
    private var hops = 0

    /// Starts at the root.
    init(root: TreePosition) {
        self.position = root
    }

    /// Goes to a directory.
    ///
    /// - Parameters:
    ///   - components: from where the walk is.
    ///   - making: whether the layer gets the directories that it does not have.
    /// - Returns: false where the way ends, which it does not when directories are made.
    /// - Throws: `LayerConflict` where the kernel would not find a way either.
    mutating func enter(
        _ components: [PathBytes],
        making: Bool
    ) throws(LayerConflict) -> Bool {
        var rest = Array(components.reversed())
        while let name = rest.popLast() {
            if name == ".." {
                position = ancestors.popLast() ?? position
                continue
            }
            switch position.entry(name) {
            case .directory: try descend(name, making: making)
            case .symbolicLink(let target, _): rest += try follow(target)
            case nil where making: try descend(name, making: true)
            case nil: return false
            default: throw .notADirectory
            }
        }
        return true
    }

    private mutating func descend(_ name: PathBytes, making: Bool) throws(LayerConflict) {
        guard ancestors.count < LayerPath.maximumDepth else { throw .tooDeep }
        var next = position.entered(name)
        if making { next.upper = position.upper?.madeDirectory(name) }
        ancestors.append(position)
        position = next
    }

    /// The target's components, last first; an absolute one starts at the root again.
    private mutating func follow(_ target: PathBytes) throws(LayerConflict) -> [PathBytes] {
        hops += 1
        guard hops <= Self.maximumHops else { throw .tooManySymbolicLinks }
        if target.bytes.first == UInt8(ascii: "/") {
            position = ancestors.first ?? position
            ancestors = []
        }
        return target.bytes.split(separator: UInt8(ascii: "/")).reversed()
            .filter { !$0.elementsEqual(".".utf8) }
            .compactMap { PathBytes($0) }
    }
}
