// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct InvalidRequestTests {
    /// Whether a request is refused without a single connection to the server that it names.
    private func isRefused(_ request: (String) -> HTTPRequest) async throws -> Bool {
        try await withServer({ $0.answerAll() }) { server in
            let error = try await transport().failure(of: request("127.0.0.1:\(server.port)"))
            return error?.kind == "invalidRequest" && server.connections == 0
        }
    }

    @Test(
        "a URL must be whole, plain and HTTP",
        arguments: [
            "", "/path", "HOST/", "//HOST/", "ftp://HOST/", "file:///etc/hostname", "gopher://HOST/", "http:/",
            "http://",
            "http:///", "http://HOST/a b", "http://HOST/\r\nX-Injected: 1", "http://HOST/\0/more", "http://HOST/\u{7F}",
            "http://HOST\r\n/", "http://HOST:99999/", "http://HOSTx/", "javascript:alert(1)",
        ]
    )
    func url(pattern: String) async throws {
        #expect(try await isRefused { HTTPRequest(url: pattern.replacing("HOST", with: $0)) })
    }

    @Test(
        "a header value must not end its line",
        arguments: ["a\r\nX-Injected: 1", "a\nb", "a\rb", "a\0b", "\u{7F}", "key\n"]
    )
    func headerValue(value: String) async throws {
        #expect(try await isRefused { HTTPRequest(url: "http://\($0)/", headers: [("X-Key", value)]) })
    }

    @Test("a header name must be a token", arguments: ["", "X Key", "X-Key:", "X-Key\r\nY", "X\0", "Schlüssel"])
    func headerName(name: String) async throws {
        #expect(try await isRefused { HTTPRequest(url: "http://\($0)/", headers: [(name, "1")]) })
    }

    @Test("a method must be a token", arguments: ["", "GET /other HTTP/1.1\r\nX: ", "GE T", "G\0"])
    func method(method: String) async throws {
        #expect(try await isRefused { HTTPRequest(method: method, url: "http://\($0)/") })
    }

    @Test("what is unusual and harmless goes out")
    func harmless() async throws {
        try await withServer({ $0.answerAll() }) { server in
            let request = HTTPRequest(
                method: "PROPFIND",
                url: "HTTP://127.0.0.1:\(server.port)/%00%0d%0a?q=%20#fragment",
                headers: [("X_1!#$%&'*+-.^`|~", "tab\tand ünïcode 🙂"), ("X-Blank", "  ")]
            )
            let response = try await transport().send(request)
            #expect(response.status == 200)
        }
    }
}
