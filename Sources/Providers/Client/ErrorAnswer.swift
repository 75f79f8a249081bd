// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// An answer that is no success, as a provider's classification sees it.
struct ErrorAnswer: Sendable {
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
    func failure(advice: (Int) -> String) -> CallFailure {
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
    func refused(_ advice: String) -> CallFailure {
        .refused(status: status, advice: reason.isEmpty ? advice : "\(advice) (answer: \(reason))")
    }

    private func absent(_ advice: String) -> CallFailure {
        switch missing {
        case .gone(let words) where words.map(says) ?? true: .gone
        case .refused: refused(advice)
        case .gone, .rejected: .rejected(status: status, reason: reason.isEmpty ? "no such route" : reason)
        }
    }
}

/// The body of an error: `{statusCode?, error?, message?}`, plain text, or a proxy's HTML.
private struct ErrorBody: WireObject {
    let message: String?

    init(row: WireRow) {
        message = row.text("message") ?? row.text("error.message") ?? row.text("error")
    }

    /// What the body says; nothing where it is HTML.
    static func message(in body: [UInt8]) -> String {
        let start = String(decoding: body.prefix(4_096), as: UTF8.self)
        if let error = try? JSONDecoder().decode(ErrorBody.self, from: Data(start.utf8)) { return error.message ?? "" }
        return start.contains("<html") || start.contains("<!") || start.hasPrefix("{") ? "" : start
    }
}
