// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCILayer
import OCIStore

extension Explanation {
    /// Names the place of the `ADD`, where it is known.
    init(of error: AddError, at place: String?) {
        self.init(of: error)
        if let place { self.init("\(place): \(what)", hint: hint) }
    }

    private init(of error: AddError) {
        switch error {
        case .noStore: self.init(of: PullError.noStore)
        case .request(let error):
            self.init("standard input holds no request for files: \(error.reason)")
        case .url(let name): self.init("'\(name)' is no URL of a file")
        case .certificates(let error): self.init(Self.reason(error))
        case .download(let name, .digestMismatch(let expected, let actual)):
            self.init(
                "\(name) has the digest \(actual), not \(expected) as --checksum says",
                hint: "is it another version of the file? Then correct --checksum"
            )
        case .download(let name, let error):
            self.init("\(name) cannot be had: \(Self.reason(error))")
        case .store(let error): self.init(of: error)
        case .layer(_, .store(let error)): self.init(of: error)
        case .layer(let name, let error):
            self.init("\(name) cannot be unpacked: \(Self.reason(error))")
        }
    }
}
