// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Confinement
import Dockerfile
import Foundation
import Glibc
import OCIStore
import RootfsRecipe
import SystemPackage

/// One run of the program, confined to what its command needs.
struct Session: Sendable {
    private enum Work: Sendable {
        case pull(Fetch.Image, HelperProcess?)
        case build(Fetch.Recipe, Result<RecipeRequest, RecipeError>, HelperProcess?)
        case add(Fetch.Add, Result<AddRequest, AddError>)
        case read(Fetch.Import)
        case write(Fetch.Export, Result<ExportRequest, ExportError>)
        case push(Fetch.Push, Result<ExportRequest, ExportError>, HelperProcess?)
        case find(Fetch.Mirrors)
        case help(Fetch.Helpers)
        case show(Fetch.Confinement, ConfinementReport)
        case stop(Fetch.Manner, StartError)
        case say(String, status: Int32)
    }

    private let work: Work
    let environment: [String: String]

    /// Prepares for a command, and confines the process.
    init(_ command: any ParsableCommand) {
        let environment = ProcessInfo.processInfo.environment
        self.environment = environment
        if let filling = command as? any FillingCommand {
            do throws(StartError) {
                try Self.begin(filling.manner, environment)
            } catch {
                work = .stop(filling.manner, error)
                return
            }
        }
        switch command {
        case let image as Fetch.Image:
            work = .pull(image, Self.confine(image.reference, image.manner, environment))
        case let recipe as Fetch.Recipe:
            let request = Self.request(RecipeRequest.self, RecipeError.request)
            work = .build(recipe, request, Self.confine(recipe, request, environment))
        case let add as Fetch.Add:
            let request = Self.request(AddRequest.self, AddError.request)
            _ = Self.ground(add.manner, environment).own.enter()
            work = .add(add, request)
        case let file as Fetch.Import:
            var ground = Self.ground(file.manner, environment)
            ground.add(file.path)
            _ = ground.own.enter()
            work = .read(file)
        case let export as Fetch.Export:
            let request = Self.request(ExportRequest.self) { ExportError.request($0.reason) }
            var ground = Self.ground(export.manner, environment)
            ground.addLowerStores()
            ground.add(output: FilePath(export.path).removingLastComponent())
            _ = ground.own.enter()
            work = .write(export, request)
        case let push as Fetch.Push:
            let request = Self.request(ExportRequest.self) { ExportError.request($0.reason) }
            work = .push(push, request, Self.confine(push.reference, push.manner, environment))
        case let mirrors as Fetch.Mirrors:
            work = .find(mirrors)
        case let helpers as Fetch.Helpers:
            let ground = Ground(store: helpers.store, environment: environment)
            // What a credential helper reads, writes and talks to is for its maker to say.
            if helpers.forPackages { _ = ground.ofHelpers.enter() }
            work = .help(helpers)
        case let confinement as Fetch.Confinement:
            let store = confinement.store ?? Store.defaultPath(environment: environment)
            let facts = Ground(store: store, environment: environment).own.enter()
            work = .show(
                confinement,
                ConfinementReport(facts, store: store, environment: environment)
            )
        default:
            work = Self.word(CleanExit.helpRequest())
        }
    }

    /// A run that only says why it is none, or what was asked for.
    init(failed error: any Error) {
        environment = [:]
        work = Self.word(error)
    }

    private static func word(_ error: any Error) -> Work {
        .say(
            "\(Fetch.fullMessage(for: error))\n",
            status: Fetch.exitCode(for: error) == .success ? 0 : CrossFetch.failure
        )
    }

    /// Does what the command says, and returns the exit status.
    func run() async -> Int32 {
        switch work {
        case .pull(let options, let helper): return await pull(options, helper)
        case .build(let options, let request, let helper):
            return await build(options, request, helper)
        case .add(let options, let request): return await add(options, request)
        case .read(let options): return await read(options)
        case .write(let options, let request): return await export(options, request)
        case .push(let options, let request, let helper):
            return await push(options, request, helper)
        case .find(let options): return await find(options)
        case .help(let options):
            await HelperService(
                store: options.store,
                isForPackages: options.forPackages,
                environment: environment
            ).run()
            return 0
        case .show(let options, let report):
            return report.show(options.format)
        case .stop(let manner, let error): return await stop(manner, error)
        case .say(let text, let status):
            let bytes = Array(text.utf8)
            _ = unsafe write(status == 0 ? STDOUT_FILENO : STDERR_FILENO, bytes, bytes.count)
            return status
        }
    }
}
