// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Sandbox
import SystemPackage

/// Everything that a build needs of a machine, each tried or looked up.
struct Doctor {
    let host: Host
    let examination: Examination

    /// The whole of it, in the order in which a build needs it.
    var findings: [Finding] {
        [kernel] + examination.findings + surroundings
    }

    /// Whether a build can run, be it with less than the full sandbox or with none.
    var canBuild: Bool {
        examination.canRun && !([kernel] + surroundings).contains { $0.state == .missing }
    }

    private var surroundings: [Finding] {
        [landlock, limits, identities, store, fetch, rust, certificates]
    }

    /// Where `cross` ends up, in a sentence.
    var conclusion: String {
        switch examination.outcome {
        case .rung(let rung) where rung.shortcomings.isEmpty: "the full sandbox"
        case .rung(let rung): "a sandbox, but: " + rung.shortcomings.joined(separator: "; ")
        case .failed where examination.tracing == .works:
            "no sandbox; builds run with translated paths, not isolated"
        case .failed: "no sandbox"
        }
    }

    private var kernel: Finding {
        let release = Surroundings.current().kernel
        let isEnough = !Surroundings.kernelVersion.lexicographicallyPrecedes([5, 12])
        return Finding(
            name: "kernel",
            state: isEnough ? .ok : .missing,
            detail: "Linux \(release)",
            remedy: isEnough ? nil : "Linux 5.12 or newer"
        )
    }

    private var landlock: Finding {
        let version = Confinement.landlockVersion
        return Finding(
            name: "Landlock",
            state: version >= 6 ? .ok : .reduced,
            detail: version >= 6
                ? "version \(version)"
                : "version \(version), not 6: a build can signal its own process group and reach "
                    + "abstract sockets outside",
            remedy: version >= 6
                ? nil : "Linux 6.12 or newer, with landlock among the security modules that start"
        )
    }

    /// What a build may use up, and whether a control group can be made that lowers it.
    private var limits: Finding {
        let isRoot = Surroundings.current().user == 0
        let processes = isRoot ? nil : ProcessLimit.value
        let count =
            processes.map { "\($0) processes" }
            ?? "any number of processes" + (isRoot ? ", for root is exempt" : ", before Linux 5.14")
        let absence = absenceOfControlGroups(limitingProcesses: processes == nil)
        return Finding(
            name: "limits",
            state: processes == nil && absence != nil ? .reduced : .ok,
            detail: absence.map { "\(count); `memory-limit` has no effect, for \($0.reason)" }
                ?? "\(count), any amount of memory; `process-limit` and `memory-limit` lower it, for "
                + "a control group could be made",
            remedy: absence == nil
                ? nil
                : "systemd-run --scope \(isRoot ? "" : "--user ")"
                    + "--property=MemoryMax=8G --property=TasksMax=4096 cross …"
        )
    }

    /// Why no control group could be made; one that could is gone again.
    private func absenceOfControlGroups(limitingProcesses: Bool) -> ControlGroupError? {
        var limits = [ControlGroup.Limit(resource: .memory, value: 1 << 40)]
        if limitingProcesses { limits.append(.init(resource: .processes, value: 1 << 16)) }
        do throws(ControlGroupError) {
            try ControlGroup(limits).remove()
            return nil
        } catch {
            return error
        }
    }

    /// Subordinate ids, of which nothing here needs any.
    private var identities: Finding {
        let names = Set([host.userName, "\(Surroundings.current().user)"].compactMap(\.self))
        let lines = ((try? TextFile.read("/etc/subuid")) ?? nil)?.split(separator: "\n") ?? []
        let own = lines.first { line in names.contains { line.hasPrefix("\($0):") } }
        return Finding(
            name: "subordinate ids",
            state: .ok,
            detail: own.map { "\($0); not needed" } ?? "none; not needed"
        )
    }

    private var store: Finding {
        guard let path = Store.defaultPath(environment: host.environment),
            let place = path.ancestors.first(where: \.isDirectory),
            let system = FileSystem(at: place)
        else {
            return Finding(
                name: "store",
                state: .missing,
                detail: "neither HOME nor CROSS_STORE says where it is",
                remedy: "export CROSS_STORE=/some/directory"
            )
        }
        let found = "\(path) on \(system.type)"
        let elsewhere = "export CROSS_STORE=/a/directory/on/a/volume"
        if system.isWithoutExecution {
            return Finding(
                name: "store",
                state: .reduced,
                detail: "\(found), mounted noexec: what is in it runs only through an overlay",
                remedy: elsewhere
            )
        }
        if system.isReadOnly || !place.isWritable {
            return Finding(
                name: "store",
                state: .missing,
                detail: "\(found), which cannot be written",
                remedy: elsewhere
            )
        }
        guard system.canHoldUpperDirectories else {
            return Finding(
                name: "store",
                state: .reduced,
                detail: "\(found): `pre-build` and Dockerfiles copy the root filesystem for each "
                    + "step",
                remedy: elsewhere
            )
        }
        return Finding(name: "store", state: .ok, detail: found)
    }

    /// The program that hears strangers, and whether it keeps itself from what they might make of it.
    private var fetch: Finding {
        guard let program = try? Fetch.program() else {
            return Finding(
                name: "cross-fetch",
                state: .missing,
                detail: "not beside this program",
                remedy: "install cross and cross-fetch into one directory"
            )
        }
        // Whether the store can be written is a finding of its own.
        guard let attempts = Fetch.confinement(host)?.filter({ $0.key != "usingStore" }) else {
            return Finding(
                name: "cross-fetch",
                state: .reduced,
                detail: "\(program), which cannot say how it is confined"
            )
        }
        let failed = attempts.filter { !$0.value }.keys.sorted()
        return Finding(
            name: "cross-fetch",
            state: failed.isEmpty ? .ok : .reduced,
            detail: failed.isEmpty
                ? "\(program), confined: \(attempts.count) attempts to do more were refused"
                : "\(program), less confined than it could be: " + failed.joined(separator: ", "),
            remedy: failed.isEmpty
                ? nil : "Linux 6.12 or newer, with landlock among the security modules that start"
        )
    }

    private var rust: Finding {
        let found = ["rustup", "cargo"].compactMap { host.program($0) }.map(\.string)
        return Finding(
            name: "Rust",
            state: .ok,
            detail: found.isEmpty
                ? "none here: that of the image or recipe builds"
                : found.joined(separator: ", ")
        )
    }

    private var certificates: Finding {
        let named = host.environment["SSL_CERT_FILE"].map { [host.absolute(FilePath($0))] }
        let usual: [FilePath] = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
        ]
        let found = (named ?? usual).first(where: \.isRegularFile)
        return Finding(
            name: "certificates",
            state: found == nil ? .reduced : .ok,
            detail: found.map { "\($0)" } ?? "no authorities: registries cannot be verified",
            remedy: found == nil ? "sudo apt-get install ca-certificates" : nil
        )
    }
}
