// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

extension StoreDamage {
    /// One line: where, and what is wrong; names of a layer's are foreign, and escaped.
    var words: String {
        switch self {
        case .record(let path): "\(path): the record cannot be read, or contradicts itself"
        case .missingLayer(let layer, let path): "\(path): the layer \(layer) is not there"
        case .layer(let path): "\(path): not what was written"
        case .object(let path): "\(path): content, mode, time or attributes have changed"
        case .missingObject(let path, let layer): "\(path): gone, and \(layer) needs it"
        case .tree(let root, let path, let fault):
            "\(root): /\(escaped(String(decoding: path, as: UTF8.self))): \(fault.words)"
        case .index(let path): "\(path): has another digest than its name"
        case .stranger(let path): "\(escaped("\(path)")): no file of the store's"
        }
    }
}

extension TreeFault {
    fileprivate var words: String {
        switch self {
        case .missing: "gone"
        case .unexpected: "none of the layers has it"
        case .kind: "another kind of thing than in the layers"
        case .content: "another file than in the layers"
        case .metadata: "mode or time have changed"
        case .target: "the link leads elsewhere"
        }
    }
}
