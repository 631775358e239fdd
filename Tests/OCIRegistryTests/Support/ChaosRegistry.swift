// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import ServerTestSupport
import StoreTestSupport
import Synchronization

/// What a registry lies about, for ever: the pull must fail, and as what.
enum Lie: String, CaseIterable, Sendable {
    case flippedByte, shortLayer, wrongSize, encoding, redirectLoop, redirectInward, gone, denied
    case brokenDown, portal, endlessManifest, headers, otherDiffID, hostileLayer, noToken

    /// The names of the errors that are right.
    var outcomes: Set<String> {
        switch self {
        case .flippedByte: ["digestMismatch"]
        case .shortLayer, .wrongSize: ["sizeMismatch"]
        case .encoding: ["encoded"]
        case .redirectLoop, .redirectInward: ["redirectRefused"]
        case .gone: ["missing"]
        case .denied: ["denied"]
        // The last attempt may have met something that passes.
        case .brokenDown: ["status", "interrupted", "unreachable"]
        case .portal: ["unsupportedMediaType"]
        case .endlessManifest: ["tooLarge"]
        // libcurl has a limit of its own, and says less.
        case .headers: ["headersTooLarge", "interrupted", "unreachable"]
        case .otherDiffID: ["diffIDMismatch"]
        case .hostileLayer: ["entry"]
        case .noToken: ["tokenMalformed"]
        }
    }
}

/// A registry that fails in passing at random, and may lie, all from a seed.
final class ChaosRegistry: Sendable {
    private struct State {
        var random: SplitMix
        /// How often in a row a path has met with a failure that passes.
        var failures: [String: Int] = [:]
    }

    /// What the pull is to come to; `nil` where it must succeed.
    let lie: Lie?
    let image: ImageFixture
    private let wantsToken: Bool
    private let victim: Int
    private let state: Mutex<State>

    init(seed: UInt64) {
        var random = SplitMix(seed)
        lie =
            Int.random(in: 0..<10, using: &random) < 4
            ? Lie.allCases.randomElement(using: &random) : nil
        wantsToken = Bool.random(using: &random) || lie == .noToken
        victim = Int.random(in: 0..<3, using: &random)
        image = Self.image(lie, &random)
        state = Mutex(State(random: random))
    }

    /// The text of each layer's file, as it must be in the root filesystem.
    static func text(_ index: Int) -> String {
        String(repeating: "layer \(index)\n", count: 3000 * (index + 1))
    }

    private static func image(_ lie: Lie?, _ random: inout SplitMix) -> ImageFixture {
        let layers = (0..<3).map { index in
            var tar = TarBuilder()
            tar.add(
                lie == .hostileLayer && index == 1 ? "../evil" : "file\(index)",
                content: text(index)
            )
            tar.add("shared", content: "\(index)")
            return tar.archive
        }
        guard lie == .otherDiffID else { return ImageFixture(layers: layers) }
        // The document of an image with the same layers in another order.
        let other = ImageFixture(layers: layers.reversed())
        return ImageFixture(layers: layers, configuration: other.configuration)
    }

    /// Answers a request, or does something else.
    func answer(_ request: ReceivedRequest) -> Reply {
        state.withLock { state in
            if let failure = failure(for: request, &state) { return failure }
            if request.path == "/token" {
                return token
            }
            if wantsToken, request.headers["authorization"] != "Bearer good",
                !request.path.hasPrefix("/else")
            {
                let realm = "http://\(request.headers["host"] ?? "")/token"
                return Reply(401, headers: ["WWW-Authenticate": "Bearer realm=\"\(realm)\""])
            }
            return lied(about: request) ?? honest(request, &state)
        }
    }

    private var token: Reply {
        Reply(body: Array((lie == .noToken ? "{}" : #"{"token":"good"}"#).utf8))
    }

    private func honest(_ request: ReceivedRequest, _ state: inout State) -> Reply {
        let path = request.path.replacing("/else", with: "", maxReplacements: 1)
        if path == request.path, path.contains("/blobs/"),
            Int.random(in: 0..<4, using: &state.random) == 0
        {
            return Reply(307, headers: ["Location": "/else\(path)"])
        }
        state.failures[path] = 0
        return image.answer(request.to(path))
    }

    /// What may pass.
    ///
    /// No more than four times for one thing until it is given, which is one less than the client puts
    /// up with. It never brings the last byte, so that a lie is always met.
    private func failure(for request: ReceivedRequest, _ state: inout State) -> Reply? {
        let path = request.path
        let thing = path.replacing("/else", with: "", maxReplacements: 1)
        guard Int.random(in: 0..<3, using: &state.random) == 0,
            state.failures[thing, default: 0] < 4
        else { return nil }
        state.failures[thing, default: 0] += 1
        let whole = path == "/token" ? token : image.answer(request.to(thing))
        let isBlob = path.contains("/blobs/")
        switch Int.random(in: 0..<12, using: &state.random) {
        case 0...4:
            let status = [408, 429, 500, 502, 503, 504].randomElement(using: &state.random) ?? 503
            let pause = ["0", "1000000000", "soon", nil].randomElement(using: &state.random) ?? nil
            return Reply(status, headers: pause.map { ["Retry-After": $0] } ?? [:])
        case 5, 6: return Reply(ending: .silence)
        case 7 where isBlob && request.offset > 0:
            var reply = whole
            reply.headers["Content-Range"] = "bytes 0-5/6"
            return reply
        case 8 where isBlob && request.offset > 0 && lie == nil:
            return image.answer(request.to(path).withoutRange())
        case 9 where Int.random(in: 0..<4, using: &state.random) == 0:
            return whole.cut(at: whole.body.count / 2, .stall)
        case 10:
            return whole.cut(
                at: Int.random(in: 0..<max(1, whole.body.count), using: &state.random),
                .reset
            )
        default: return whole.cut(at: max(0, whole.body.count - 1), .close)
        }
    }

    private func lied(about request: ReceivedRequest) -> Reply? {
        let path = request.path.replacing("/else", with: "", maxReplacements: 1)
        let bytes = image.layers[victim]
        let isVictim = path.hasSuffix("\(Digest.of(bytes))")
        var honest = image.answer(request.to(path))
        switch lie {
        case .flippedByte where isVictim:
            var changed = bytes
            changed[changed.count - 1] ^= 1
            return .range(of: changed, for: request)
        case .shortLayer where isVictim: return Reply(body: Array(bytes.dropLast(10)))
        case .wrongSize where path.hasSuffix("/latest"):
            let text = String(decoding: image.manifest, as: UTF8.self)
                .replacing("\"size\":\(bytes.count)}", with: "\"size\":\(bytes.count + 1)}")
            return Reply(
                headers: ["Content-Type": ImageFixture.manifestType],
                body: Array(text.utf8)
            )
        case .encoding where isVictim:
            honest.headers["Content-Encoding"] = "gzip"
            return honest
        case .redirectLoop where isVictim: return Reply(302, headers: ["Location": path])
        case .redirectInward where isVictim:
            return Reply(302, headers: ["Location": "http://169.254.169.254/latest"])
        case .gone where isVictim: return Reply(404)
        case .denied where isVictim: return Reply(403)
        case .brokenDown where isVictim: return Reply(503)
        case .portal where path.hasSuffix("/latest"):
            return Reply(headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))
        case .endlessManifest where path.hasSuffix("/latest"):
            var reply = Reply(
                headers: ["Content-Type": ImageFixture.manifestType],
                ending: .endless
            )
            reply.length = nil
            return reply
        case .headers where isVictim:
            for index in 0..<2000 { honest.headers["X-\(index)"] = "x" }
            return honest
        default: return nil
        }
    }
}
