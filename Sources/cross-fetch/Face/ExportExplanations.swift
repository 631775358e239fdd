// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore

extension Explanation {
    init(of error: ExportError) {
        switch error {
        case .noStore: self.init(of: PullError.noStore)
        case .request(let reason): self.init(of: PullError.request(reason))
        case .setting(let error): self.init(of: error)
        case .occupied(let path):
            self.init(
                "\(path) has something in it already",
                hint: "name a directory that is empty or not there, or a file for an archive"
            )
        case .output(let error): self.init(of: error)
        case .layer(_, .store(let error)), .store(let error): self.init(of: error)
        case .layer(let layer, let error):
            self.init("layer \(layer) cannot be written: \(Self.reason(error))")
        case .registry(let error): self.init(of: error)
        }
    }
}
