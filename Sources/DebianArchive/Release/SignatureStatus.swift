// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: GnuPG, doc/DETAILS, "Format of the --status-fd output".

/// What gpgv reports for programs about the signatures of one text.
struct SignatureStatus {
    /// Fingerprints of a key that made a good signature.
    struct Signer: Hashable {
        var key: String
        var primary: String
    }

    private(set) var good: [Signer] = []
    private(set) var weak: [String] = []
    private(set) var bad: [String] = []
    private(set) var unknown: [String] = []
    private(set) var expired: [String] = []
    private(set) var keyExpired: [String] = []
    private(set) var keyRevoked: [String] = []
    private(set) var hasSignature = false

    /// RFC 4880, section 9.4: MD5, SHA-1 and RIPEMD-160.
    private static let weakHashes: Set<Substring> = ["1", "2", "3"]

    init(_ report: String) {
        var isGood = false
        for line in report.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 1, words[0] == "[GNUPG:]" else { continue }
            let subject = words.count > 2 ? String(words[2].filter(\.isHexDigit)) : ""
            switch words[1] {
            case "NEWSIG":
                hasSignature = true
                isGood = false
            case "GOODSIG": isGood = true
            case "BADSIG": bad.append(subject)
            case "NO_PUBKEY": unknown.append(subject)
            case "EXPSIG": expired.append(subject)
            case "EXPKEYSIG": keyExpired.append(subject)
            case "REVKEYSIG": keyRevoked.append(subject)
            case "ERRSIG" where words.last != "9" && !(words.count > 7 && words[7] == "9"):
                // Any reason but the lack of the key: an algorithm that gpgv does not take.
                weak.append(subject)
            case "VALIDSIG" where isGood && words.count > 11:
                take(words, subject)
                isGood = false
            default: break
            }
        }
    }

    private mutating func take(_ words: [Substring], _ key: String) {
        guard !Self.weakHashes.contains(words[9]) else {
            weak.append(key)
            return
        }
        good.append(Signer(key: key, primary: words[11].filter(\.isHexDigit)))
    }

    /// What is wrong where no signature can be believed.
    func fault(refused: [String]) -> ReleaseFault {
        if !bad.isEmpty { return .badSignature(keys: bad) }
        if !hasSignature { return .unsigned }
        if !keyRevoked.isEmpty { return .keyRevoked(keyRevoked) }
        if !keyExpired.isEmpty { return .keyExpired(keyExpired) }
        if !expired.isEmpty { return .signatureExpired(keys: expired) }
        let refused = refused + weak
        return refused.isEmpty ? .unknownKeys(unknown) : .signatureRefused(keys: refused)
    }
}
