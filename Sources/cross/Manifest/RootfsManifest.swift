// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: docs/manifests.md.

import OCIStore
import RootfsRecipe

/// What is known of a target: the image that is published for it, and the recipe that replaces it.
struct RootfsManifest: Equatable {
    /// The published image; `nil` where there is none.
    var image: PublishedImage?
    /// How Debian packages make a root filesystem; `nil` where they cannot.
    var debian: DebianManifest?
    /// Why they cannot.
    var unavailable: String?
    /// How programs for the target are run.
    var emulator = TargetEmulator()
    /// What a build sees in a root filesystem that is made of packages.
    var environment: [String: String] = [:]
    /// Whether programs for the target have been seen running in the recipe's root filesystem.
    var isTested = true
    /// Why not, or what else a user should know of the target.
    var reason: String?

    /// What runs programs for the target in a root filesystem that is made of packages.
    struct TargetEmulator: Equatable {
        /// qemu's name for the architecture; `nil` where programs run without it.
        var name: String?
        /// The command in front of a program, where it is not just qemu's.
        var runner: String?
        /// The versions that have run threaded suites again and again without a failure.
        var threads: [String] = []
        /// A whole machine, for the runner `qemu-system`; `nil` where no kernel is packaged for it.
        var machine: Machine?
    }

    /// What a root filesystem has besides where programs run on an emulated machine.
    struct Machine: Equatable {
        /// The emulator, the kernel, and what the program that boots it needs.
        let packages: [String]
        /// That program.
        let files: [Recipe.File]
    }

    /// An image of somebody else's.
    struct PublishedImage: Equatable {
        let reference: String
        let platform: String
        /// What may follow its tag: `-centos` for `centos`.
        let variants: [String]
    }
}

/// The part of a manifest that is about Debian packages.
struct DebianManifest: Equatable {
    /// Debian's name for the target's architecture; `nil` where Debian has no such port.
    var architecture: String?
    /// The suite unless the user says otherwise.
    var suite: String
    /// What the target needs.
    var packages: [String]
    /// Statically linked programs of other suites.
    var additions: [Recipe.Addition] = []
    /// Python packages, and the platform that each is for.
    var wheels: [PlatformWheel] = []
    /// The crates of the standard library to build with the project; `nil` where there is a package.
    var buildStd: [String]?
    /// What is different where the root filesystem's programs run on another architecture than amd64.
    var variations: [String: Variation] = [:]
    /// Files that no package has.
    var files: [Recipe.File] = []

    struct PlatformWheel: Equatable {
        let platform: String
        let wheel: Recipe.Wheel
    }

    struct Variation: Equatable {
        var suite: String?
        var packages: [String] = []
        var without: [String] = []
    }

    /// The recipe for a platform.
    ///
    /// - Parameters:
    ///   - platform: what the root filesystem's own programs run on.
    ///   - suite: the user's choice.
    ///   - own: packages of the user's; `$CROSS_DEB_ARCH` in them stands for the target's architecture.
    ///   - machine: what programs run on in place of this machine.
    /// - Returns: everything that is to be resolved.
    func recipe(
        platform: Platform,
        suite: String?,
        packages own: [String],
        machine: RootfsManifest.Machine? = nil
    ) -> Recipe {
        let variation = variations[platform.architecture] ?? Variation()
        let named = own.map { $0.replacing("$CROSS_DEB_ARCH", with: architecture ?? "all") }
        var distinct: [Recipe.Wheel] = []
        for entry in wheels
        where entry.platform == platform.description && !distinct.contains(entry.wheel) {
            distinct.append(entry.wheel)
        }
        return Recipe(
            platform: platform,
            suite: suite ?? variation.suite ?? self.suite,
            packages: packages.filter { !variation.without.contains($0) } + variation.packages
                + (machine?.packages ?? []) + named,
            additions: additions,
            wheels: distinct,
            files: files + (machine?.files ?? [])
        )
    }
}
