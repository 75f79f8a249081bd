// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// An answer that is no success, as a provider's classification sees it.
struct ErrorResponse: Sendable {
    /// The status, which is the truth: bodies contradict it at times.
    let status: Int
    /// What the provider says about it, cleaned and short; empty where it says nothing legible.
    let reason: String
    /// What a 404 means for this call.
    let missing: APICall.Missing
    /// The wait asked for; lemlist sends one with every answer, so it counts only on 429 and 503.
    let retryAfter: Duration?

    /// Reads an answer.
    init(_ response: HTTPResponse, to call: APICall, text: ErrorText, now: Timestamp) {
        status = response.status
        reason = text.cleaned(ErrorBody.message(in: response.body))
        missing = call.missing
        let honoured = [429, 503].contains(response.status)
        retryAfter = honoured ? response.header("retry-after").flatMap { Duration(retryAfter: $0, now: now) } : nil
    }

    /// Whether the provider's words hold a phrase, whatever the capitals.
    func says(_ phrase: String) -> Bool {
        reason.lowercased().contains(phrase.lowercased())
    }

    /// The failure that the status stands for with every provider; `advice` says what to do about a refusal.
    func failure(advice: (Int) -> String) -> APIError {
        switch status {
        case 401, 402, 403: refused(advice(status))
        case 404: absent(advice(status))
        case 429: .throttled(retryAfter: retryAfter)
        case 300..<400: .rejected(status: status, reason: "redirect not followed; is the base URL right?")
        case 500...: .unavailable(status: status, retryAfter: retryAfter)
        default: .rejected(status: status, reason: reason)
        }
    }

    /// A refusal with advice, and the provider's own words behind it.
    func refused(_ advice: String) -> APIError {
        .refused(status: status, advice: reason.isEmpty ? advice : "\(advice) (answer: \(reason))")
    }

    private func absent(_ advice: String) -> APIError {
        switch missing {
        case .gone(let words) where words.map(says) ?? true: .gone
        case .refused: refused(advice)
        case .gone, .rejected: .rejected(status: status, reason: reason.isEmpty ? "no such route" : reason)
        }
    }
}

/// The body of an error: `{statusCode?, error?, message?}`, plain text, or a proxy's HTML.
private struct ErrorBody: JSONDecodable {
    let message: String?

    init(row: JSONObject) {
        message = row.text("message") ?? row.text("error.message") ?? row.text("error")
    }

    /// What the body says; nothing where it is HTML.
    static func message(in body: [UInt8]) -> String {
        let start = String(decoding: body.prefix(4_096), as: UTF8.self)
        if let error = try? JSONDecoder().decode(ErrorBody.self, from: Data(start.utf8)) { return error.message ?? "" }
        return start.contains("<html") || start.contains("<!") || start.hasPrefix("{") ? "" : start
    }
}

/// Makes a provider's words fit for a log: one short line without keys, addresses or control characters.
struct ErrorText: Sendable {
    /// What must never be repeated, whole or as a part of a word.
    let secrets: [String]

    private static let longestWord = 32
    private static let longestText = 120

    /// A short line; words that hold a secret or an address, or are long enough to be either, become `…`.
    func cleaned(_ text: String) -> String {
        let words = String(String.UnicodeScalarView(text.unicodeScalars.prefix(1_000).map(Self.printable)))
            .split(separator: " ")
            .map { isSafe($0) ? String($0) : "…" }
        return String(words.joined(separator: " ").prefix(Self.longestText))
    }

    private func isSafe(_ word: Substring) -> Bool {
        word.count <= Self.longestWord && !word.contains("@")
            && !secrets.contains { !$0.isEmpty && word.contains($0) }
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value) ? scalar : " "
    }
}

extension Duration {
    /// The longest wait that is believed.
    private static let longest = 3_600.0
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads a `Retry-After` field: seconds, or an HTTP date (RFC 9110 §5.6.7); at most an hour.
    init?(retryAfter text: String, now: Timestamp) {
        let wait = Double(text) ?? Self.date(text).map { $0 - now.seconds }
        guard let wait, wait.isFinite else { return nil }
        self = .seconds(min(max(wait, 0), Self.longest))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` in seconds since the epoch.
    private static func date(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601).timeIntervalSince1970
    }
}
