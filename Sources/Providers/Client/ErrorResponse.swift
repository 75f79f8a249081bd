// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// A response with a status other than 2xx, and its default classification.
struct ErrorResponse: Sendable {
    /// The status, which outranks the body: bodies of some providers contradict it.
    let status: Int
    /// The provider's message, sanitized; empty if there is no legible one.
    let message: String
    private let notFound: APICall.NotFound
    /// Only of 429 and 503: lemlist sends `Retry-After` with every response.
    let retryAfter: Duration?

    /// Reads a response.
    init(_ response: HTTPResponse, to call: APICall, _ sanitizer: MessageSanitizer, now: Timestamp) {
        status = response.status
        message = sanitizer.sanitized(ErrorBody.message(in: response.body))
        notFound = call.notFound
        let mayWait = [429, 503].contains(response.status)
        retryAfter = mayWait ? response.header("retry-after").flatMap { Duration(retryAfter: $0, now: now) } : nil
    }

    /// Whether the message contains a text, ignoring case.
    func says(_ text: String) -> Bool {
        message.lowercased().contains(text.lowercased())
    }

    /// The error that the status means with every provider; `advice` says what to do about a refused key.
    func error(advice: (Int) -> String) -> APIError {
        switch status {
        case 401, 402, 403: refused(advice(status))
        case 404: notFound(advice(status))
        case 429: .throttled(retryAfter: retryAfter)
        case 300..<400: .rejected(status: status, reason: "redirect not followed; is the base URL right?")
        case 500...: .unavailable(status: status, retryAfter: retryAfter)
        default: .rejected(status: status, reason: message)
        }
    }

    /// A refused key, with advice followed by the provider's message.
    func refused(_ advice: String) -> APIError {
        .refused(status: status, advice: message.isEmpty ? advice : "\(advice) (answer: \(message))")
    }

    private func notFound(_ advice: String) -> APIError {
        switch notFound {
        case .gone(let text) where text.map(says) ?? true: .gone
        case .refused: refused(advice)
        case .gone, .rejected: .rejected(status: status, reason: message.isEmpty ? "no such route" : message)
        }
    }
}

/// The body of an error: `{statusCode?, error?, message?}`, plain text, or a proxy's HTML.
private struct ErrorBody: JSONDecodable {
    let message: String?

    init(json: JSONObject) {
        message = json.text("message") ?? json.text("error.message") ?? json.text("error")
    }

    /// The message in the first 4 KiB of a body; empty for HTML and malformed JSON.
    static func message(in body: [UInt8]) -> String {
        let start = String(decoding: body.prefix(4_096), as: UTF8.self)
        if let error = try? JSONDecoder().decode(ErrorBody.self, from: Data(start.utf8)) { return error.message ?? "" }
        return start.contains("<html") || start.contains("<!") || start.hasPrefix("{") ? "" : start
    }
}

/// Makes a provider's message fit for a log: one short line without keys, addresses and control characters.
struct MessageSanitizer: Sendable {
    /// Texts that must not appear, not even within a word.
    let secrets: [String]

    private static let maxWordLength = 32
    private static let maxLength = 120

    /// At most 120 characters; words with a secret, with an `@`, or longer than 32 characters become `…`.
    func sanitized(_ message: String) -> String {
        let words = String(String.UnicodeScalarView(message.unicodeScalars.prefix(1_000).map(Self.printable)))
            .split(separator: " ")
            .map { isSafe($0) ? String($0) : "…" }
        return String(words.joined(separator: " ").prefix(Self.maxLength))
    }

    private func isSafe(_ word: Substring) -> Bool {
        word.count <= Self.maxWordLength && !word.contains("@")
            && !secrets.contains { !$0.isEmpty && word.contains($0) }
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value) ? scalar : " "
    }
}

extension Duration {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Parses `Retry-After` (RFC 9110 §10.2.3): seconds or an HTTP date; limited to 0 to 3,600 seconds.
    init?(retryAfter text: String, now: Timestamp) {
        let seconds = Double(text) ?? Self.date(text).map { $0 - now.seconds }
        guard let seconds, seconds.isFinite else { return nil }
        self = .seconds(min(max(seconds, 0), 3_600))
    }

    /// Parses `Sun, 06 Nov 1994 08:49:37 GMT` to seconds since the epoch.
    private static func date(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601).timeIntervalSince1970
    }
}
