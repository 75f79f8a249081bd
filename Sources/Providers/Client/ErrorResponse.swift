// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// A response that is not what was asked for, and its default classification.
///
/// That is one with a status other than 2xx, and one whose body is an error whatever its status says: providers send
/// errors with status 200 too, as JSON, as text, and as the web page of a wrong base URL.
struct ErrorResponse: Sendable {
    /// The status; one of 4xx or 5xx outranks the body: bodies of some providers contradict it.
    let status: Int
    /// The provider's message, sanitized; empty if there is no legible one.
    let message: String
    private let content: ResponseContent
    private let firewall: String?
    private let notFound: APICall.NotFound
    /// Only of 429 and 503: lemlist sends `Retry-After` with every response.
    let retryAfter: Duration?

    /// By these words providers refuse a key with a status that does not say so; header names are not among them, since
    /// errors repeat those of the request.
    private static let wordsAboutKeys = [
        "api key", "invalid token", "unauthorized", "not authorized", "not authenticated", "invalid credentials",
        "authentication failed", "authentication required",
    ]

    /// Reads a response; `nil` if it may be what was asked for.
    init?(_ response: HTTPResponse, to call: APICall, _ sanitizer: MessageSanitizer, now: Timestamp) {
        let content = ResponseContent(response.body)
        guard !response.isSuccess || content.isForeign || response.body.count <= ErrorBody.limit else { return nil }
        let error = ErrorBody(response.body, content)
        guard !response.isSuccess || content.isForeign || error.replacesAnswer else { return nil }
        self.content = content
        status = response.status
        message = sanitizer.sanitized(error.message ?? "")
        firewall = response.firewall(content)
        notFound = call.notFound
        let mayWait = [429, 503].contains(response.status)
        let wait = response.header("retry-after") ?? error.retryAfter
        retryAfter = mayWait ? wait.flatMap { Duration(retryAfter: $0, now: now) } : nil
    }

    /// Whether the message contains a text, ignoring case.
    func says(_ text: String) -> Bool {
        message.lowercased().contains(text.lowercased())
    }

    /// Whether the status leaves open what is wrong, so that the message decides.
    var isAmbiguous: Bool { (200..<300).contains(status) || [400, 404, 422].contains(status) }

    /// The error that the response means with every provider; `advice` says what to do about a refused key.
    func error(advice: (Int) -> String) -> APIError {
        if let firewall { return .blocked(status: status, reason: firewall) }
        if isAmbiguous, Self.wordsAboutKeys.contains(where: says) { return refused(advice(401)) }
        return switch status {
        case 200..<300: .invalid(status: status, reason: disguise)
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
        case .refusedIfEmpty where content == .empty: refused(advice)
        case .gone, .rejected, .refusedIfEmpty:
            .rejected(status: status, reason: message.isEmpty ? "no such route" : message)
        }
    }

    /// What came with a status of success.
    private var disguise: String {
        switch content {
        case .webPage: "a web page in place of an answer; is the base URL right?"
        case .text: "text in place of JSON: \(message)"
        case .json, .empty: "an error in place of an answer" + (message.isEmpty ? "" : ": \(message)")
        }
    }
}

/// The body of an error: `{statusCode?, error?, message?}`, plain text, or a proxy's HTML.
private struct ErrorBody {
    /// The provider's words; `nil` for HTML and malformed JSON.
    let message: String?
    /// The seconds to wait, which some providers send in the body.
    let retryAfter: String?
    /// Whether it is an error under any status.
    let replacesAnswer: Bool

    /// The largest error, in bytes; of a larger body the beginning is read.
    static let limit = 4_096

    /// Reads the first 4 KiB of a body.
    init(_ body: [UInt8], _ content: ResponseContent) {
        let start = String(decoding: body.prefix(Self.limit), as: UTF8.self)
        let fields = content == .json ? try? JSONDecoder().decode(ErrorFields.self, from: Data(start.utf8)) : nil
        message = content == .text ? start : fields?.message
        retryAfter = fields?.retryAfter
        replacesAnswer = fields?.replacesAnswer == true
    }
}

/// The fields of a JSON object that may be an error.
private struct ErrorFields: JSONDecodable {
    let message: String?
    let retryAfter: String?
    /// Whether it says so itself, or has fields of errors alone.
    let replacesAnswer: Bool

    /// Fields that describe an error; an object with any other is an answer.
    private static let names: Set<String> = [
        "error", "errors", "message", "success", "status", "statusCode", "code", "type", "detail", "details", "data",
        "requestId", "request_id", "timestamp", "path",
    ]

    init(json: JSONObject) {
        message =
            json.text("message") ?? json.text("error.message") ?? json.text("error") ?? json.text("detail")
        retryAfter = json.text("retry_after") ?? json.text("error.retry_after")
        let isAlone = json.names.isSubset(of: Self.names) && !json.hasValue("data")
        replacesAnswer = json.bool("success") == false || message != nil && isAlone
    }
}

extension HTTPResponse {
    fileprivate var isSuccess: Bool { (200..<300).contains(status) }

    /// What a CDN or firewall in front of the API says; `nil` for a response of the API.
    ///
    /// Cloudflare's statuses 520 to 527 and 530, its plain-text `error code: 1010`, and its challenges are documented
    /// (developers.cloudflare.com, "Cloudflare 1xxx errors" and "5xx errors"). An API refuses a key with JSON or text; a
    /// web page with 403 is from something before it. 429 is excluded: whoever limits the rate, slowing down helps.
    fileprivate func firewall(_ content: ResponseContent) -> String? {
        guard status != 429 else { return nil }
        if header("cf-mitigated") == "challenge" { return "a challenge page" }
        if !isSuccess, let code = firewallCode { return code }
        switch status {
        case 520...527, 530: return "the CDN does not reach the API"
        case 403 where content == .webPage: return "a web page"
        default: return nil
        }
    }

    private var firewallCode: String? {
        let words = String(decoding: body.prefix(64), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[..<2] == ["error", "code:"], let code = Int(words[2]), code / 1_000 == 1 else {
            return nil
        }
        return "error code \(code)"
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
    static func date(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601).timeIntervalSince1970
    }
}

extension RequestQuota {
    /// The longest time of a quota that is believed: the longest that a provider documents.
    private static let longest = 3_600.0
    /// Greater numbers are seconds since the epoch, not seconds from now.
    private static let leastEpoch = 1e9

    /// Reads `X-RateLimit-Remaining` and `X-RateLimit-Reset`; `nil` without both, or with a reset that is no number.
    ///
    /// A reset since the epoch is compared with the server's own `Date`: clocks differ.
    init?(_ response: HTTPResponse, now: Timestamp) {
        guard let remaining = response.header("x-ratelimit-remaining").flatMap({ Int($0) }), remaining >= 0,
            let reset = response.header("x-ratelimit-reset").flatMap({ Double($0) })
        else { return nil }
        let clock = response.header("date").flatMap(Duration.date) ?? now.seconds
        let seconds = reset > Self.leastEpoch ? reset - clock : reset
        guard (0...Self.longest).contains(seconds) else { return nil }
        self.init(remaining: remaining, reset: .seconds(seconds))
    }
}
