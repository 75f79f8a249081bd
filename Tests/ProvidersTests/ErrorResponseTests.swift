// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
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

    @Test("A key does not pass in any form, nor does a part of 12 characters of it")
    func forms() {
        let key = "sk_user_7fQ2+xYz/0aB=c9"
        let sanitizer = MessageSanitizer(secrets: [key])
        let base64 = Data("a:\(key)".utf8).base64EncodedString()
        let hex: String = key.utf8.map { String($0, radix: 16) }.joined()
        let forms: [String] = [
            key, key.uppercased(), String(key.reversed()), String(key.prefix(12)), String(key.suffix(12)), base64,
            String(base64.suffix(20)), String(hex.prefix(30)), key.percentEncoded, "\"\(key)\",",
            key.replacing("_", with: #"\u005f"#), key.replacing("_", with: "%5F"),
        ]
        for form in forms { #expect(sanitizer.sanitized("no \(form) here") == "no … here", "\(form)") }
        #expect(sanitizer.sanitized("no sk_user_ here, 100 %, 50%25") == "no sk_user_ here, 100 %, 50%")
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
        arguments: [(302, false), (400, false), (429, true), (500, false), (503, true)]
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

    @Test(
        "A body that is an error in place of an answer is one under any status",
        arguments: [
            #"{"error":"Broken"}"#, #"{"error":{"message":"Broken"}}"#, #"{"statusCode":500,"message":"Broken"}"#,
            #"{"success":false,"data":{"rows":[]}}"#, #"{"success":false}"#, #"{"message":"Broken","data":null}"#,
            "Broken", "<!doctype html>", "null and void",
        ]
    )
    func disguised(_ body: String) {
        #expect(read(200, body)?.error { "\($0)" }.code == "200")
    }

    @Test(
        "An answer is none, whatever it holds",
        arguments: [
            #"{"items":[],"message":"fine"}"#, #"{"success":true,"data":[]}"#, #"{"error":null,"sent":1}"#, "[]", "{}",
            "null", "", "12", #"{"message":"you have data","data":[1]}"#, #"{"_id":"x","status":"ok"}"#,
        ]
    )
    func answers(_ body: String) {
        #expect(read(200, body) == nil)
    }

    @Test(
        "Words about the key refuse it where the status leaves that open",
        arguments: [
            (200, "Invalid API key", true), (400, "Missing API Key", true), (404, "User not authorized", true),
            (422, "invalid token", true), (500, "Invalid API key", false), (400, "X-Api-Key: bad request", false),
            (404, "Campaign not found", false),
        ]
    )
    func words(_ status: Int, _ text: String, _ isRefusal: Bool) {
        #expect(response(status, text).error { "do \($0)" }.isRefusal == isRefusal)
    }

    @Test(
        "Only what stands before the API blocks, and limits of any origin slow down",
        arguments: [
            (403, "error code: 1010", "error code 1010"), (403, "error code: 1020\n", "error code 1020"),
            (403, "error code: 7", nil), (403, "Forbidden", nil), (403, "<html></html>", "a web page"),
            (429, "error code: 1015", nil), (502, "<html></html>", nil),
            (520, "<html></html>", "the CDN does not reach the API"), (530, "error code: 1033", "error code 1033"),
        ]
    )
    func blocked(_ status: Int, _ body: String, _ reason: String?) {
        let error = response(status, body).error { "do \($0)" }
        #expect((error == .blocked(status: status, reason: reason ?? "")) == (reason != nil), "\(error)")
    }

    private func response(_ status: Int, _ body: String, _ notFound: APICall.NotFound = .rejected) -> ErrorResponse {
        guard let response = read(status, body, notFound) else { fatalError("not an error: \(body)") }
        return response
    }

    private func read(_ status: Int, _ body: String, _ notFound: APICall.NotFound = .rejected) -> ErrorResponse? {
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
