// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCILayer
import OCIStore
import SystemPackage

/// The command line.
struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cross-fetch",
        abstract: "Fetches what cross needs from the network into its store.",
        subcommands: [
            Image.self, Recipe.self, Add.self, Import.self, Export.self, Push.self, Mirrors.self,
            Confinement.self,
            Helpers.self,
        ]
    )

    /// The command `cross-fetch image REFERENCE`.
    struct Image: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pulls an image from a registry and makes its root filesystem."
        )

        @Argument(help: "The image, as in docker pull.", transform: ImageReference.init(argument:))
        var reference: ImageReference

        @Option(
            help: "The platform to take, as os/architecture[/variant].",
            transform: Platform.init(argument:)
        )
        var platform = Platform.host

        @Flag(help: "Take only what the lock on standard input says, an ImageLock as JSON.")
        var locked = false

        @Flag(help: "Fetch no layer; write what the image is to be locked to, as JSON.")
        var resolve = false

        @Option(help: "The target whose recipe hints name, where the registry does not answer.")
        var orRecipe: String?

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch recipe`, with a `RecipeRequest` as JSON on standard input.
    struct Recipe: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Builds a root filesystem from packages, as the request on standard input says."
        )

        @Flag(help: "Fetch no package; write what the recipe is to be locked to, as JSON.")
        var resolve = false

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch import PATH`.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Imports images from an OCI layout, or from an archive of docker's or OCI's."
        )

        @Argument(help: "A directory or a file.", transform: { FilePath($0) })
        var path: FilePath

        @Option(
            name: .customLong("as"),
            help: "What the image is called in the store.",
            transform: ImageReference.init(argument:)
        )
        var name: ImageReference?

        @Option(
            help: "The platform to take, as os/architecture[/variant].",
            transform: Platform.init(argument:)
        )
        var platform = Platform.host

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch export`, with an `ExportRequest` as JSON on standard input.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes images as an OCI layout, as the request on standard input says."
        )

        @Argument(
            help: "A file for an archive, or with a slash at its end a directory.",
            transform: { $0 }
        )
        var path: String

        @Option(help: "How layers are compressed: gzip, zstd, none.")
        var compression = LayerCompression.gzip

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch push REFERENCE`, with an `ExportRequest` as JSON on standard input.
    struct Push: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pushes an image to a registry, as the request on standard input says."
        )

        @Argument(
            help: "What the image is called there.",
            transform: ImageReference.init(argument:)
        )
        var reference: ImageReference

        @Option(help: "How layers are compressed: gzip, zstd, none.")
        var compression = LayerCompression.gzip

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch mirrors`, with `RecipeRequest.Mirrors` as JSON on standard input.
    struct Mirrors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says where packages are: JSON with the addresses of each archive."
        )

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch add`, with an `AddRequest` as JSON on standard input.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes layers of the files that a Dockerfile's ADD names on standard input."
        )

        @OptionGroup
        var manner: Manner
    }

    /// The command `cross-fetch confinement`.
    struct Confinement: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Confines itself as before it hears a stranger, tries to break out, and says what came of it."
        )

        @Option(
            help: "The store. (default: $CROSS_STORE, else $XDG_DATA_HOME/cross)",
            transform: { FilePath($0) }
        )
        var store: FilePath?

        @Option(help: "How to say it: text, json.")
        var format = Format.text
    }

    /// How a command says something to programs or people.
    enum Format: String, ExpressibleByArgument {
        case text
        case json
    }

    /// The command that this program starts itself with, to run others for it.
    struct Helpers: ParsableCommand {
        static let configuration = CommandConfiguration(shouldDisplay: false)

        @Option(transform: { FilePath($0) })
        var store: FilePath

        @Flag
        var forPackages = false
    }

    /// What is the same for all commands.
    struct Manner: ParsableArguments {
        @Option(
            help: "The store. (default: $CROSS_STORE, else $XDG_DATA_HOME/cross)",
            transform: { FilePath($0) }
        )
        var store: FilePath?

        @Flag(name: .shortAndLong, help: "Say nothing but errors.")
        var quiet = false

        @Flag(name: .shortAndLong, help: "Say what is tried again, and why.")
        var verbose = false

        @Flag(help: "Stop when the program that started this one is gone.")
        var whileParentLives = false

        @Option(
            help: "When to colour: auto, always, never.",
            transform: ColourChoice.init(argument:)
        )
        var color = ColourChoice.auto

        @Option(
            help: "How to show progress: auto, plain, tty, none, json. (default: $CROSS_PROGRESS)",
            transform: ProgressForm.init(argument:)
        )
        var progress: ProgressForm?
    }
}
