// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What is wrong with a Dockerfile, and where.
public struct DockerfileError: Error, Hashable, Sendable {
    /// What is wrong.
    public let fault: DockerfileFault
    /// Where, in the file.
    public let location: SourceLocation

    init(_ fault: DockerfileFault, at location: SourceLocation) {
        self.fault = fault
        self.location = location
    }

    init(_ fault: DockerfileFault, line: Int) {
        self.init(fault, at: SourceLocation(line: line))
    }
}

/// What can be wrong with a Dockerfile.
///
/// All text in it is the file's own: data, to be escaped before a terminal sees it.
public enum DockerfileFault: Error, Hashable, Sendable {
    // The text.

    /// The file is longer than the limit, in bytes.
    case tooLarge(limit: Int)
    /// The line is not UTF-8.
    case notUTF8
    /// The file has no instruction.
    case empty
    /// A parser directive is there twice.
    case repeatedDirective(String)
    /// `# escape=` with something else than a backslash or a backtick.
    case invalidEscape(String)
    /// The line that ends a here-document is missing.
    case unterminatedHeredoc(String)
    /// A here-document's name that has to name a file, and cannot.
    case heredocName(String)
    /// A here-document where a destination belongs.
    case heredocDestination

    // Instructions in general.

    /// No instruction has that name.
    case unknownInstruction(String)
    /// An instruction other than ARG before the first FROM.
    case noStage(instruction: String)
    /// The number of arguments is wrong.
    case arguments(instruction: String, expected: Arity)
    /// An array in JSON has elements that are no strings.
    case notStrings(String)
    /// The instruction takes an array in JSON only.
    case notAnArray(String)
    /// The instruction has no such flag.
    case unknownFlag(String, instruction: String)
    /// A flag is there twice.
    case repeatedFlag(String)
    /// A flag needs a value.
    case flagWithoutValue(String)
    /// A flag's value is neither `true` nor `false`.
    case flagNotBoolean(String)
    /// What other builders do and this one does not, as written.
    case unsupported(String)

    // Single instructions.

    /// A word has no `=` where others have.
    case noEqualsSign(String)
    /// A variable or label without a name.
    case blankName(instruction: String)
    /// A stage's name that is none.
    case stageName(String)
    /// `ONBUILD` of an instruction that cannot be a trigger.
    case trigger(String)
    /// A volume's path is empty.
    case emptyVolume
    /// `HEALTHCHECK` with something else than `CMD` or `NONE`.
    case healthcheckKind(String)
    /// A duration such as `30s` is none.
    case duration(String, flag: String)
    /// The number of retries is none.
    case retries(String)
    /// A signal that does not exist.
    case signal(String)
    /// A mode that is neither octal nor symbolic.
    case mode(String)
    /// `--checksum` is not a SHA-256 digest.
    case checksum(String)
    /// `--checksum` with something else than one URL.
    case checksumWithoutURL
    /// An option of `--mount`.
    case mount(MountFault)
    /// `--network` with a value that does not exist.
    case network(String)
    /// A URL in COPY.
    case urlInCopy(String)

    // Planning.

    /// A word cannot be expanded.
    case expansion(ExpansionFault)
    /// The base of a stage is empty once expanded; the word as written.
    case emptyBase(String)
    /// The base of a stage is no image's name.
    case reference(String, ImageReferenceError)
    /// A platform that is none.
    case platform(String)
    /// The stage that was asked for is not there; those that are.
    case unknownStage(String, known: [String])
    /// `--from=NUMBER` of a stage that does not come before.
    case laterStage(String)
    /// A variable in `--from`, which is needed before any has a value.
    case variableInFrom(String)
    /// A trigger of the base image that is not one instruction.
    case foreignTrigger(String)
}

/// How many arguments an instruction takes.
public enum Arity: Hashable, Sendable {
    /// One.
    case one
    /// One or more.
    case some
    /// Sources and a destination.
    case sourcesAndDestination
    /// An image, or an image, `AS` and a name.
    case imageAndName
    /// A name and a value.
    case nameAndValue
}
