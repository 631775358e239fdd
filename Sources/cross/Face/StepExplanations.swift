// SPDX-License-Identifier: MIT OR Apache-2.0

extension Explanation {
    init(_ error: StepError) {
        switch error {
        case .failed(let failure):
            if case .signal(let number) = failure.end, Self.endings.contains(number) {
                // The user has ended it.
                self.init("", status: 128 + number)
                return
            }
            let place = failure.place.map { "\($0): " } ?? ""
            let part = failure.part.map { " at \($0)" } ?? ""
            self.init(
                "\(place)\(failure.title) failed\(part): \(Self.words(failure.end))",
                hint: failure.isOffline
                    ? "there is no network with `--offline` and `--frozen`: build once without them"
                    : nil
            )
        case .unknownUser(let name):
            self.init("the root filesystem does not know the user `\(name)`")
        case .unreadable(let error): self.init(error)
        case .noScript(let path):
            self.init(
                "there is no `\(path)`, which `pre-build` names",
                hint: "correct `pre-build` in Cross.toml"
            )
        // cross-fetch has said why.
        case .noMirrors(let status): self.init("", status: status > 128 ? status : 125)
        }
    }

    /// SIGHUP, SIGINT, SIGTERM.
    private static let endings: [Int32] = [1, 2, 15]

    private static func words(_ end: StepEnd) -> String {
        switch end {
        case .status(let code): "exit status \(code)"
        case .signal(let number): "killed by signal \(number)"
        }
    }
}
