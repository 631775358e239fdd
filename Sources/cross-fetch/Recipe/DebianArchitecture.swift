// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: dpkg, data/cputable; Go's names of architectures.

import OCIStore

/// What Debian calls the architectures of the platforms that images are for.
enum DebianArchitecture {
    private static let names = [
        "386": "i386", "amd64": "amd64", "arm": "armhf", "arm64": "arm64", "loong64": "loong64",
        "ppc64le": "ppc64el", "riscv64": "riscv64", "s390x": "s390x",
    ]

    /// - Returns: `nil` where Debian has none.
    static func name(of platform: Platform) -> String? {
        guard platform.os == "linux" else { return nil }
        if platform.architecture == "arm", platform.variant == "v5" || platform.variant == "v6" {
            return "armel"
        }
        return names[platform.architecture]
    }
}
