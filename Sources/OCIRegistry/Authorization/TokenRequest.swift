// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: distribution, "Token Authentication Specification" and "OAuth2".

import Download
import Foundation

/// The question to a token server, and the reading of its answer.
enum TokenRequest {
    /// The token that lets one pull is asked for with what is known, else anonymously.
    static func request(
        realm: URL,
        service: String?,
        scope: String,
        credential: Credential?
    ) -> Request {
        var fields = [("scope", scope)]
        if let service { fields.insert(("service", service), at: 0) }
        guard case .identityToken(let token) = credential else {
            return Request(
                url: realm.appending(query: form(fields)),
                headers: credential.flatMap(basicHeader).map { ["Authorization": $0] } ?? [:]
            )
        }
        fields += [
            ("grant_type", "refresh_token"), ("client_id", "cross"), ("refresh_token", token),
        ]
        return Request(
            url: realm,
            method: "POST",
            content: .bytes(
                Array(form(fields).utf8),
                type: "application/x-www-form-urlencoded"
            )
        )
    }

    /// The value of the `Authorization` header for a name and password.
    static func basicHeader(_ credential: Credential) -> String? {
        guard case .password(let user, let password) = credential else { return nil }
        return "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }

    /// The token in an answer; `nil` where there is none that can be part of a header.
    static func token(in answer: [UInt8]) -> String? {
        struct Answer: Decodable {
            var token: String?
            var access_token: String?
        }
        let decoded = try? JSONDecoder().decode(Answer.self, from: Data(answer))
        guard let token = decoded?.token ?? decoded?.access_token, !token.isEmpty,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return token
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0)=\(encoded($1))" }.joined(separator: "&")
    }

    /// RFC 3986 §2.3: everything but unreserved characters.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension URL {
    /// The URL with an encoded query added to the one it has.
    fileprivate func appending(query: String) -> URL {
        guard var components = URLComponents(url: self, resolvingAgainstBaseURL: true) else {
            return self
        }
        let own = components.percentEncodedQuery.map { $0.isEmpty ? "" : "\($0)&" } ?? ""
        components.percentEncodedQuery = own + query
        components.fragment = nil
        return components.url ?? self
    }
}
