// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Testing

@testable import Providers

@Suite struct ErrorResponseTests {
    private static let sanitizer = MessageSanitizer(secrets: ["s3cret", ""])

    @Test(
        "Secrets, addresses and whatever is long enough to be either do not pass",
        arguments: [
            ("Bad team", "Bad team"), ("key=s3cret, sorry", "… sorry"), ("mail <a@b.com> bounced", "mail … bounced"),
            ("a\nb\u{1B}[31m c\u{202E}d", "a b [31m c d"), ("token \(String(repeating: "x", count: 33))!", "token …"),
            ("Clé refusée", "Clé refusée"),
        ]
    )
    func sanitized(_ words: String, _ expected: String) {
        #expect(Self.sanitizer.sanitized(words) == expected)
    }

    @Test("A text is cut at 120 characters")
    func short() {
        #expect(Self.sanitizer.sanitized(String(repeating: "word ", count: 10_000)).count == 120)
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
        #expect(response(400, body).message == expected)
    }

    @Test(
        "A wait counts on 429 and 503 only",
        arguments: [(200, false), (400, false), (429, true), (500, false), (503, true)]
    )
    func wait(_ status: Int, _ counts: Bool) {
        #expect((response(status, "").retryAfter == .seconds(5)) == counts)
    }

    @Test(
        "What a 404 means is the call's affair",
        arguments: [
            (APICall.NotFound.gone(), APIError.gone), (.gone(saying: "NOT found"), .gone),
            (.gone(saying: "deleted"), .rejected(status: 404, reason: "Not found here")),
            (.rejected, .rejected(status: 404, reason: "Not found here")),
            (.refused, .refused(status: 404, advice: "do 404 (answer: Not found here)")),
        ]
    )
    func notFound(_ notFound: APICall.NotFound, _ expected: APIError) {
        #expect(response(404, "Not found here", notFound).error { "do \($0)" } == expected)
    }

    private func response(_ status: Int, _ body: String, _ notFound: APICall.NotFound = .rejected) -> ErrorResponse {
        ErrorResponse(
            .text(body, status: status, headers: [("retry-after", "5")]),
            to: APICall(route: "/x", notFound: notFound),
            Self.sanitizer,
            now: Timestamp(seconds: 0)
        )
    }
}

@Suite struct RetryAfterTests {
    /// 1994-11-06 08:49:00 UTC.
    private static let now = Timestamp(seconds: 784_111_740)

    @Test(
        "Seconds and dates are understood",
        arguments: [
            ("7", 7), ("0", 0), ("1.5", 1.5), ("-3", 0), ("999999999", 3_600), ("1e300", 3_600),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
            ("Mon, 31 Oct 1994 08:49:37 GMT", 0), ("Thu, 01 Dec 1994 08:49:37 GMT", 3_600),
            ("Sun, 06 Nov 2094 08:49:37 GMT", 3_600),
        ]
    )
    func understood(_ text: String, _ seconds: Double) {
        #expect(Duration(retryAfter: text, now: Self.now) == .seconds(seconds))
    }

    @Test(
        "Anything else is no wait",
        arguments: [
            "", "soon", "nan", "inf", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
            "Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)",
        ]
    )
    func refused(_ text: String) {
        #expect(Duration(retryAfter: text, now: Self.now) == nil)
    }
}
