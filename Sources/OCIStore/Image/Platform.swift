// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, image-index.md, "platform".

/// The system an image's programs run on.
public struct Platform: Hashable, Sendable, Codable {
    /// The operating system in Go's spelling, such as `linux`.
    public var os: String
    /// The architecture in Go's spelling, such as `amd64`.
    public var architecture: String
    /// The variant of the architecture, such as `v8`.
    public var variant: String?

    /// A platform of the given parts.
    ///
    /// - Parameters:
    ///   - os: e.g. `linux`.
    ///   - architecture: e.g. `amd64`.
    ///   - variant: e.g. `v8`.
    public init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    /// A platform of the parts of its name; `nil` for another number of them, and where one is empty.
    ///
    /// - Parameter parts: the operating system, the architecture and, where there is one, the variant.
    public init?(parts: [some StringProtocol]) {
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            os: String(parts[0]),
            architecture: String(parts[1]),
            variant: parts.count == 3 ? String(parts[2]) : nil
        )
    }

    #if arch(arm64)
    /// The platform this program was built for.
    public static let host = Platform(os: "linux", architecture: "arm64")
    #elseif arch(x86_64)
    /// The platform this program was built for.
    public static let host = Platform(os: "linux", architecture: "amd64")
    #endif

    /// Whether programs of `other` run where this platform is asked for.
    ///
    /// `arm64` and `arm64/v8` are the same; otherwise a variant that is asked for must be there.
    ///
    /// - Parameter other: the platform an index offers.
    /// - Returns: true where `other` serves.
    public func accepts(_ other: Platform) -> Bool {
        guard os == other.os, architecture == other.architecture else { return false }
        guard let variant, !(architecture == "arm64" && variant == "v8") else { return true }
        return variant == other.variant
    }
}

extension Platform: CustomStringConvertible {
    /// `os/architecture` or `os/architecture/variant`.
    public var description: String {
        "\(os)/\(architecture)\(variant.map { "/\($0)" } ?? "")"
    }
}
