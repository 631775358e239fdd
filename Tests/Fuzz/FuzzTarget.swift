// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// What reads strangers' bytes, each on its own.
///
/// A target takes any bytes and must return: a trap, a hang or a broken promise is a defect. The program
/// that libFuzzer drives is built of these files by `scripts/fuzz`; the tests only replay what is known.
enum FuzzTarget: String, CaseIterable {
    /// A layer's blob, through our decoders and the walk over its archive, to a published index.
    case layer
    /// What several layers say, merged, on disk, and compared with it again.
    case merge
    /// Manifests, indexes of platforms, image configurations.
    case manifest
    /// Headers of a registry's answers, challenges above all, and the tokens that follow.
    case challenge
    /// Debian's indexes: releases, packages, what they depend on.
    case index
    /// Debian's packages.
    case package

    /// The one that the process is about.
    static var chosen: FuzzTarget {
        CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.init) ?? .layer
    }

    /// Reads some bytes.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .layer: fuzzLayer(bytes)
        case .merge: fuzzMerge(bytes)
        case .manifest: fuzzManifest(bytes)
        case .challenge: fuzzChallenge(bytes)
        case .index: fuzzIndex(bytes)
        case .package: fuzzPackage(bytes)
        }
    }

    /// What is accepted, or nearly so, to start with.
    var seeds: [[UInt8]] {
        get throws {
            switch self {
            case .layer: try layerSeeds()
            case .merge: mergeSeeds()
            case .manifest: manifestSeeds()
            case .challenge: challengeSeeds()
            case .index: indexSeeds()
            case .package: packageSeeds()
            }
        }
    }

    /// Writes the seeds as files.
    func writeSeeds(to directory: String) throws {
        for (number, seed) in try seeds.enumerated() {
            let file = URL(fileURLWithPath: directory).appending(path: "seed-\(number)")
            try Data(seed).write(to: file)
        }
    }
}

/// Ends the process where a promise is broken that no caller could see.
func promise(_ holds: Bool, _ what: String) {
    guard !holds else { return }
    fatalError("broken promise: \(what)")
}

/// Takes the first byte off; 0 where there is none.
func first(of bytes: inout ArraySlice<UInt8>) -> UInt8 { bytes.popFirst() ?? 0 }
