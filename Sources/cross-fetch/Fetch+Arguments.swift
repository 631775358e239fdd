// SPDX-License-Identifier: MIT OR Apache-2.0
// What words of the command line mean, and what is said of those that mean nothing.

public import ArgumentParser
import Console
public import OCILayer
import OCIStore

extension LayerCompression: ExpressibleByArgument {}

extension ImageReference {
    init(argument: String) throws {
        do throws(ImageReferenceError) {
            try self.init(argument)
        } catch {
            throw ValidationError(Explanation(of: error).what)
        }
    }
}

extension Platform {
    init(argument: String) throws {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard let platform = Platform(parts: parts) else {
            throw ValidationError("expected os/architecture[/variant], such as linux/amd64")
        }
        self = platform
    }
}

extension ProgressForm {
    init(argument: String) throws {
        guard let form = ProgressForm(rawValue: argument) else {
            throw ValidationError("expected auto, plain, tty, none or json")
        }
        self = form
    }
}

extension ColourChoice {
    init(argument: String) throws {
        guard let choice = ColourChoice(rawValue: argument) else {
            throw ValidationError("expected auto, always or never")
        }
        self = choice
    }
}
