// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

/// The responses to invalid and unusual requests.
///
/// Rows in which the server is laxer than the RFC say so; what libmicrohttpd decides is as its version decides it.
@Suite(.timeLimit(.minutes(30))) struct RejectedRequestTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let request: String
        let status: Int
        /// What libmicrohttpd 1.0 does instead of that: answers with 400 or not at all, and closes.
        var isRefusedByNewer = false
        /// Whether the server closes the connection after its answer.
        var closes = true

        var testDescription: String { name }
    }

    static let refused = [
        Row(name: "two equal lengths", request: post("Content-Length: 2\r\nContent-Length: 2", "ab"), status: 400),
        Row(name: "two lengths", request: post("Content-Length: 2\r\nContent-Length: 3", "ab"), status: 400),
        Row(name: "a list of lengths", request: post("Content-Length: 2, 2", "ab"), status: 400),
        Row(name: "a negative length", request: post("Content-Length: -1", ""), status: 400),
        Row(name: "a length with a sign", request: post("Content-Length: +2", "ab"), status: 400),
        Row(name: "a hexadecimal length", request: post("Content-Length: 0x2", "ab"), status: 400),
        // libmicrohttpd 0.9.75 sends the head of its own refusals of a length twice, before it closes; no callback of it
        // comes in between.
        Row(name: "an empty length", request: post("Content-Length:", ""), status: 400),
        Row(name: "a length beyond 64 bits", request: post("Content-Length: 18446744073709551616", ""), status: 413),
        Row(name: "a length above the limit", request: post("Content-Length: 1048577", ""), status: 413),
        Row(
            name: "length and chunks",
            request: post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
            status: 400
        ),
        Row(
            name: "chunks and length",
            request: post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
            status: 400
        ),
        Row(name: "space before the colon", request: post("Transfer-Encoding : chunked", "0\r\n\r\n"), status: 400),
        Row(name: "tab before the colon", request: post("Transfer-Encoding\t: chunked", "0\r\n\r\n"), status: 400),
        Row(
            name: "another coding",
            request: post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
            status: 501,
            isRefusedByNewer: true
        ),
        Row(
            name: "an unknown coding",
            request: post("Transfer-Encoding: xchunked", "0\r\n\r\n"),
            status: 501,
            isRefusedByNewer: true
        ),
        Row(
            name: "two codings",
            request: post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
            status: 501
        ),
        Row(
            name: "chunks in HTTP/1.0",
            request: "POST / HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            status: 400
        ),
        Row(
            name: "a chunk size that is no number",
            request: post("Transfer-Encoding: chunked", "xyz\r\n"),
            status: 400
        ),
        Row(
            name: "a chunk size beyond 64 bits",
            request: post("Transfer-Encoding: chunked", "fffffffffffffffff\r\n"),
            status: 413
        ),
        Row(name: "a negative chunk size", request: post("Transfer-Encoding: chunked", "-1\r\nab\r\n"), status: 400),
        Row(
            name: "a chunk longer than it says",
            request: post("Transfer-Encoding: chunked", "2\r\nabc\r\n"),
            status: 400
        ),
        Row(name: "no host", request: "GET / HTTP/1.1\r\n\r\n", status: 400),
        Row(name: "two hosts", request: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", status: 400),
        Row(name: "a field without a colon", request: "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", status: 400),
        Row(
            name: "a field name with a parenthesis",
            request: "GET / HTTP/1.1\r\nHost: a\r\nx(y: z\r\n\r\n",
            status: 400
        ),
        Row(name: "a lone CR in a value", request: "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", status: 400),
        Row(name: "a fold before the first field", request: "GET / HTTP/1.1\r\n Host: a\r\n\r\n", status: 400),
        Row(name: "a method that is no token", request: "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", status: 400),
        Row(name: "a version of another protocol", request: "GET / HTCPCP/1.0\r\n\r\n", status: 400),
        Row(name: "version 0.9", request: "GET / HTTP/0.9\r\n\r\n", status: 505),
        Row(name: "version 2.0", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
        Row(name: "no version", request: "GET /\r\n\r\n", status: 400),
        Row(name: "a head beyond the memory", request: get("X: " + String(repeating: "x", count: 40_000)), status: 431),
        Row(
            name: "too many fields",
            request: get((0..<2000).map { "X\($0): y" }.joined(separator: "\r\n")),
            status: 431
        ),
        Row(
            name: "a target beyond the memory",
            request: "GET /" + String(repeating: "x", count: 40_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 414
        ),
    ]

    static let accepted = [
        // RFC 9112 §2.2 allows a bare LF, and libmicrohttpd takes it.
        Row(name: "bare line feeds", request: "GET /plain HTTP/1.1\nHost: a\n\n", status: 200, closes: false),
        Row(
            name: "an empty line first",
            request: "\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 200,
            closes: false
        ),
        // RFC 9112 §5.2 asks for a refusal or a space; libmicrohttpd joins the lines.
        Row(name: "a folded field", request: get("X: a\r\n  b"), status: 200, closes: false),
        Row(
            name: "a known method nobody expects",
            request: "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 200,
            closes: false
        ),
        Row(name: "an unknown method", request: "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", status: 200, closes: false),
        Row(name: "version 1.0", request: "GET / HTTP/1.0\r\n\r\n", status: 200),
        Row(name: "version 1.1 that closes", request: get("Connection: close"), status: 200),
        // libmicrohttpd would answer nothing where the list of arguments exceeds the memory of the connection.
        Row(
            name: "many arguments",
            request: "GET /?\((0..<8000).map { "a\($0 % 10)" }.joined(separator: "&")) HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 200,
            closes: false
        ),
        // To libmicrohttpd the target and a value end at the NUL, of which it tells nobody, and a line without a name
        // ends the head.
        Row(
            name: "NUL in the target",
            request: "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 200,
            isRefusedByNewer: true,
            closes: false
        ),
        Row(
            name: "a field without a name",
            request: get(": x"),
            status: 200,
            isRefusedByNewer: true,
            closes: false
        ),
        Row(name: "NUL in a value", request: get("X: a\0b"), status: 200, isRefusedByNewer: true, closes: false),
        Row(
            name: "chunks",
            request: post("Transfer-Encoding: Chunked", "2\r\nab\r\n0\r\n\r\n"),
            status: 200,
            closes: false
        ),
    ]

    private static func post(_ headers: String, _ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: test\r\n\(headers)\r\n\r\n\(body)"
    }

    private static func get(_ headers: String) -> String {
        "GET / HTTP/1.1\r\nHost: test\r\n\(headers)\r\n\r\n"
    }

    @Test("is answered so, and the next client is served", arguments: refused + accepted)
    func answers(_ row: Row) async throws {
        try await serving { _ in
            .response(.text("fine"))
        } _: { address in
            let client = try RawClient(address)
            let response = client.exchange(row.request)
            let isRefused = row.isRefusedByNewer && [nil, 400].contains(response?.status)
            #expect(isRefused || response?.status == row.status, "\(row.name)")
            if isRefused || row.closes {
                #expect(client.seesEnd(), "\(row.name)")
            } else {
                #expect(client.get("/again")?.status == 200)
            }
            #expect(try RawClient(address).get("/")?.status == 200)
        }
    }
}
