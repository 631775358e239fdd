// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Programs carry what they need of the C++ library and of the unwinder, where `make build` has put the
/// archive: to load and relocate all of them takes a third of the time until a program's first own instruction.
let carrying: [LinkerSetting] = [
    .unsafeFlags(
        ["-L", Context.packageDirectory + "/.build/archives", "-Xclang-linker", "-static-libgcc"],
        .when(configuration: .release)
    )
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

/// What reads strangers' bytes, for a fuzzer: tests that replay what is known or, with `CROSS_FUZZ`, the
/// program that libFuzzer drives (`scripts/fuzz`).
let fuzzed: [Target.Dependency] = [
    "DebianArchive", "Download", "OCILayer", "OCIRegistry", "OCIStore", "RootfsRecipe",
    "StoreTestSupport", system,
]
let isFuzzing = Context.environment["CROSS_FUZZ"] != nil
let fuzzing: [Target] =
    isFuzzing
    ? [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: fuzzed + ["CFuzzer"],
            path: "Tests/Fuzz",
            exclude: ["CFuzzer", "ReplayTests.swift"],
            swiftSettings: strict
        ),
    ]
    : [
        .testTarget(
            name: "FuzzTests",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["CFuzzer", "main.swift"],
            swiftSettings: strict
        )
    ]

let package = Package(
    name: "cross",
    products: [
        .executable(name: "cross", targets: ["cross"]),
        .executable(name: "cross-fetch", targets: ["cross-fetch"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CArchive",
            pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"])]
        ),
        .systemLibrary(name: "CBZip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(
            name: "CSeccomp",
            pkgConfig: "libseccomp",
            providers: [.apt(["libseccomp-dev"])]
        ),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        .target(
            name: "CSystemCallFilter",
            dependencies: ["CSeccomp"],
            cSettings: [.treatAllWarnings(as: .error)]
        ),
        .executableTarget(
            name: "embed-filters",
            dependencies: ["CSystemCallFilter"],
            swiftSettings: strict
        ),
        .plugin(
            name: "EmbedFilters",
            capability: .buildTool(),
            dependencies: ["embed-filters"]
        ),
        .target(name: "CSandbox", cSettings: [.treatAllWarnings(as: .error)]),
        .target(
            name: "Sandbox",
            dependencies: ["CSandbox", "CTracer", system],
            swiftSettings: strict,
            plugins: ["EmbedFilters"]
        ),
        .target(
            name: "CTracer",
            dependencies: ["CSandbox"],
            cSettings: [.treatAllWarnings(as: .error)]
        ),
        .target(
            name: "Tracer",
            dependencies: ["Sandbox", "CTracer", system],
            swiftSettings: strict
        ),
        .target(name: "Console", swiftSettings: strict),
        .target(name: "Trace", swiftSettings: strict),
        .target(name: "Confinement", dependencies: ["CLinux", system], swiftSettings: strict),
        .target(
            name: "OCIStore",
            dependencies: ["CLinux", "Trace", system, crypto],
            swiftSettings: strict
        ),
        .target(name: "RootfsRecipe", dependencies: ["OCIStore"], swiftSettings: strict),
        .target(
            name: "Dockerfile",
            dependencies: ["OCIStore", system, crypto],
            swiftSettings: strict
        ),
        .target(
            name: "DebianArchive",
            dependencies: [
                "Download", "OCILayer", "OCIStore", "RootfsRecipe", system, subprocess, crypto,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "OCILayer",
            dependencies: [
                "OCIStore", "CArchive", "CBZip2", "CISAL", "CLZMA", "CZstd", system, crypto,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "CTransferDefaults",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("curl")]
        ),
        .target(
            name: "Download",
            dependencies: ["OCIStore", "CTransferDefaults", system, crypto],
            swiftSettings: strict
        ),
        .target(
            name: "OCIRegistry",
            dependencies: ["Download", "OCIStore", system, subprocess, toml],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "cross",
            dependencies: [
                "CLinux", "Sandbox", "Tracer", "OCIStore", "Dockerfile", "RootfsRecipe", "Console",
                "Trace",
                toml,
                subprocess,
                arguments,
                system,
                crypto,
            ],
            swiftSettings: strict,
            linkerSettings: carrying,
            plugins: ["EmbedManifests"]
        ),
        .plugin(
            name: "EmbedManifests",
            capability: .buildTool(),
            dependencies: ["embed-manifests"]
        ),
        .executableTarget(name: "embed-manifests", swiftSettings: strict),
        .executableTarget(
            name: "cross-fetch",
            dependencies: [
                "CLinux", "DebianArchive", "Dockerfile", "Download", "OCIRegistry", "OCILayer",
                "OCIStore", "RootfsRecipe", "Confinement", "Console", "Trace", arguments,
                subprocess, system, crypto,
            ],
            swiftSettings: strict,
            linkerSettings: carrying
        ),

        .executableTarget(
            name: "sandbox-runner",
            dependencies: ["Sandbox", "Tracer", system],
            path: "Tests/SandboxTests/Runner",
            swiftSettings: strict,
            linkerSettings: carrying
        ),
        .executableTarget(
            name: "sandbox-intruder",
            path: "Tests/SandboxTests/Intruder",
            cSettings: [.treatAllWarnings(as: .error)]
        ),
        .executableTarget(
            name: "sandbox-onlooker",
            path: "Tests/SandboxTests/Onlooker",
            cSettings: [.treatAllWarnings(as: .error)]
        ),
        .testTarget(
            name: "SandboxTests",
            dependencies: [
                "CSandbox", "CSystemCallFilter", "Sandbox", "sandbox-runner", "sandbox-intruder",
                "sandbox-onlooker", system,
            ],
            exclude: ["Runner", "Intruder", "Onlooker"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "UnpackLayers",
            dependencies: ["OCILayer", "OCIStore", system],
            path: "Tests/UnpackLayers",
            swiftSettings: strict
        ),
        .target(
            name: "StoreTestSupport",
            dependencies: ["OCIStore", system],
            path: "Tests/StoreTestSupport",
            swiftSettings: strict
        ),
        .testTarget(
            name: "DockerfileTests",
            dependencies: ["Dockerfile", "OCIStore", "StoreTestSupport", system],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OCIStoreTests",
            dependencies: ["CLinux", "OCIStore", "StoreTestSupport", system],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OCILayerTests",
            dependencies: [
                "OCILayer", "OCIStore", "StoreTestSupport", "UnpackLayers", "CArchive", "CLinux",
                system,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ServerTestSupport",
            dependencies: [system],
            path: "Tests/ServerTestSupport",
            swiftSettings: strict
        ),
        .testTarget(
            name: "DownloadTests",
            dependencies: ["Download"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DebianArchiveTests",
            dependencies: [
                "DebianArchive", "OCIStore", "RootfsRecipe", "StoreTestSupport", "cross", system,
                subprocess,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DebianPackageTests",
            dependencies: [
                "DebianArchive", "OCILayer", "OCIStore", "RootfsRecipe", "StoreTestSupport", system,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ArchiveClientTests",
            dependencies: [
                "OCIStore", "RootfsRecipe", "ServerTestSupport", "cross-fetch", system,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OCIRegistryTests",
            dependencies: [
                "OCIRegistry", "OCILayer", "Console", "Download", "OCIStore", "ServerTestSupport",
                "StoreTestSupport", "cross-fetch", system,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CrossTests",
            dependencies: [
                "cross", "cross-fetch", "Dockerfile", "OCIStore", "RootfsRecipe", "Sandbox",
                "ServerTestSupport", "StoreTestSupport", arguments, system, crypto,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["OCIStore", "RootfsRecipe", subprocess, system],
            swiftSettings: strict
        ),
    ] + fuzzing,
    swiftLanguageModes: [.v6]
)
