// SPDX-License-Identifier: MIT OR Apache-2.0

import CTransferDefaults
import Foundation
import FoundationNetworking
import Synchronization

/// A request as the client words it.
struct Request: Sendable {
    var url: URL
    var headers: [String: String] = [:]
    /// The body of a form that is posted; `nil` makes it a GET.
    var form: String?
}

/// One exchange of request and answer over HTTP; knows neither redirects nor credentials.
final class Transport: Sendable {
    private let session: URLSession
    private let delegate = TransferDelegate()
    private let answered = Mutex<Set<String>>([])

    /// - Parameters:
    ///   - certificates: trusted authorities in PEM; `nil` trusts the system's.
    ///   - stall: seconds in which no connection is made, or less than 1 KiB comes.
    init(certificates: [UInt8]?, stall: Int) {
        unsafe Self.setDefaults(certificates: certificates, stall: stall)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        // The stall speed decides; this timer also runs while the disk is what is slow.
        configuration.timeoutIntervalForRequest = 86_400
        configuration.httpAdditionalHeaders = ["User-Agent": "cross"]
        session = URLSession(
            configuration: configuration,
            delegate: delegate,
            delegateQueue: TransferQueue()
        )
    }

    deinit {
        // The session keeps its delegate, and itself, until told.
        session.finishTasksAndInvalidate()
    }

    func noteAnswer(of host: String) {
        answered.withLock { _ = $0.insert(host) }
    }

    func hasAnswered(_ host: String) -> Bool {
        answered.withLock { $0.contains(host) }
    }

    /// Sends the request; the body of the answer goes to `body`.
    ///
    /// Returns the head once the body has come or `body` wants no more of it.
    func send(
        _ request: Request,
        body: any ResponseBody
    ) async throws(TransferFailure) -> ResponseHead {
        let task = session.dataTask(with: URLRequest(request))
        let transfer = Transfer(body: body)
        delegate.register(transfer, for: task)
        task.resume()
        let outcome = await withTaskCancellationHandler {
            await transfer.wait()
        } onCancel: {
            transfer.finish(.failure(.cancelled))
        }
        // Nothing but the delegate's own queue may not do this: it waits for the session's.
        task.cancel()
        delegate.remove(task)
        return try outcome.get()
    }

    /// The bytes are kept for ever, as transfers refer to them.
    @unsafe private static func setDefaults(certificates: [UInt8]?, stall: Int) {
        var defaults = unsafe transfer_defaults()
        unsafe defaults.connect_timeout = stall * 1000
        unsafe defaults.stall_speed = max(1, 1024 / stall)
        unsafe defaults.stall_seconds = stall
        if let certificates {
            let kept = UnsafeMutableRawBufferPointer.allocate(
                byteCount: certificates.count,
                alignment: 1
            )
            unsafe kept.copyBytes(from: certificates)
            unsafe defaults.certificates = UnsafeRawPointer(kept.baseAddress)
            unsafe defaults.certificates_length = kept.count
        }
        _ = unsafe transfer_defaults_set(defaults)
    }
}

extension URLRequest {
    fileprivate init(_ request: Request) {
        self.init(url: request.url)
        for (name, value) in request.headers { setValue(value, forHTTPHeaderField: name) }
        // Digests and ranges are about the bytes as stored.
        setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if let form = request.form {
            httpMethod = "POST"
            httpBody = Data(form.utf8)
            setValue(
                "application/x-www-form-urlencoded",
                forHTTPHeaderField: "Content-Type"
            )
        }
    }
}
