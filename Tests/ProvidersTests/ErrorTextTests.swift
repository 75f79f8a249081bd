// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Testing

@testable import Providers

@Suite struct ErrorTextTests {
    private static let text = ErrorText(secrets: ["s3cret", ""])

    @Test(
        "Secrets, addresses and whatever is long enough to be either do not pass",
        arguments: [
            ("Bad team", "Bad team"), ("key=s3cret, sorry", "… sorry"), ("mail <a@b.com> bounced", "mail … bounced"),
            ("a\nb\u{1B}[31m c\u{202E}d", "a b [31m c d"), ("token \(String(repeating: "x", count: 33))!", "token …"),
            ("Clé refusée", "Clé refusée"),
        ]
    )
    func cleaned(_ words: String, _ expected: String) {
        #expect(Self.text.cleaned(words) == expected)
    }

    @Test("A text is cut at 120 characters")
    func short() {
        #expect(Self.text.cleaned(String(repeating: "word ", count: 10_000)).count == 120)
    }

    @Test(
        "The words of an error are found where they stand",
        arguments: [
            (#"{"statusCode":401,"error":"Unauthorized","message":"Missing header"}"#, "Missing header"),
            (#"{"error":"Bad request - no emails sent"}"#, "Bad request - no emails sent"),
            (#"{"error":{"message":"Deep"}}"#, "Deep"), ("Bad method", "Bad method"), (#"{"ok":false}"#, ""),
            ("<html><body>502</body></html>", ""), ("<!doctype html>", ""), (#"{"truncated":"#, ""), ("", ""),
        ]
    )
    func found(_ body: String, _ expected: String) {
        #expect(answer(400, body).reason == expected)
    }

    @Test(
        "A wait counts on 429 and 503 only",
        arguments: [(200, false), (400, false), (429, true), (500, false), (503, true)]
    )
    func wait(_ status: Int, _ counts: Bool) {
        #expect((answer(status, "").retryAfter == .seconds(5)) == counts)
    }

    @Test(
        "What a 404 means is the call's affair",
        arguments: [
            (APICall.Missing.gone(), APIError.gone), (.gone(saying: "NOT found"), .gone),
            (.gone(saying: "deleted"), .rejected(status: 404, reason: "Not found here")),
            (.rejected, .rejected(status: 404, reason: "Not found here")),
            (.refused, .refused(status: 404, advice: "do 404 (answer: Not found here)")),
        ]
    )
    func missing(_ missing: APICall.Missing, _ expected: APIError) {
        #expect(answer(404, "Not found here", missing).failure { "do \($0)" } == expected)
    }

    private func answer(_ status: Int, _ body: String, _ missing: APICall.Missing = .rejected) -> ErrorResponse {
        ErrorResponse(
            .text(body, status: status, headers: [("retry-after", "5")]),
            to: APICall(route: "/x", missing: missing),
            text: Self.text,
            now: .now
        )
    }
}
