// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct ExchangeTests {
    private func sent(_ request: (String) -> HTTPRequest) async throws -> String {
        try await withServer({ $0.echo() }) { try await transport().send(request($0.url)).text }
    }

    @Test("a GET goes out with its path, its fields and the transport's own")
    func get() async throws {
        let text = try await sent {
            HTTPRequest(url: $0 + "/v2/list?limit=100", headers: [("X-Key", "k 1"), ("X-Empty", "")])
        }
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.first == "GET /v2/list?limit=100 HTTP/1.1")
        for field in ["X-Key: k 1", "X-Empty:", "User-Agent: outreach-exporter/test", "Accept-Encoding: gzip"] {
            #expect(lines.contains(field))
        }
        #expect(!text.contains("Content-Type"))
    }

    @Test("a User-Agent of the request replaces the transport's")
    func userAgent() async throws {
        let text = try await sent { HTTPRequest(url: $0 + "/", headers: [("User-Agent", "Mozilla/5.0 (é)")]) }
        let agents = text.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix("user-agent:") }
        #expect(agents == ["User-Agent: Mozilla/5.0 (é)"])
    }

    @Test("a body goes out byte for byte, with the caller's content type alone")
    func post() async throws {
        let body = Array("{\"a\": \"\0é\"}".utf8)
        let text = try await sent {
            HTTPRequest(method: "POST", url: $0 + "/", headers: [("Content-Type", "application/json")], body: body)
        }
        #expect(text.hasPrefix("POST / HTTP/1.1\r\n"))
        #expect(text.hasSuffix("\r\n\r\n" + String(decoding: body, as: UTF8.self)))
        #expect(text.components(separatedBy: "Content-Type").count == 2)
        #expect(text.contains("Content-Length: \(body.count)\r\n"))
    }

    @Test("a large body goes out without asking first")
    func largeBody() async throws {
        let text = try await sent {
            HTTPRequest(method: "POST", url: $0 + "/", body: [UInt8](repeating: 65, count: 3 << 20))
        }
        #expect(!text.contains("Expect"))
        #expect(text.utf8.count > 3 << 20)
    }

    @Test("a method that implies a body says that it is empty", arguments: ["POST", "PUT", "PATCH"])
    func emptyBody(method: String) async throws {
        let text = try await sent { HTTPRequest(method: method, url: $0 + "/") }
        #expect(text.hasPrefix("\(method) / HTTP/1.1\r\n"))
        #expect(text.contains("Content-Length: 0\r\n"))
        #expect(!text.contains("Content-Type"))
    }

    @Test("other methods go out as they are", arguments: ["DELETE", "OPTIONS"])
    func otherMethods(method: String) async throws {
        let text = try await sent { HTTPRequest(method: method, url: $0 + "/") }
        #expect(text.hasPrefix("\(method) / HTTP/1.1\r\n"))
    }

    @Test("the answer to HEAD has fields and no body")
    func head() async throws {
        let script: @Sendable (Peer) -> Void = { peer in
            while peer.request() != nil { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n") }
        }
        try await withServer(script) { server in
            let response = try await transport().send(HTTPRequest(method: "HEAD", url: server.url))
            #expect(response.header("content-length") == "10")
            #expect(response.body.isEmpty)
        }
    }

    @Test("every status is an answer", arguments: [200, 204, 304, 401, 404, 429, 500, 503, 599])
    func status(code: Int) async throws {
        try await withServer({ $0.answerOnce("\(code) Word", ["Retry-After: 7"]) }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url))
            #expect(response.status == code)
            #expect(response.header("retry-after") == "7")
        }
    }

    @Test("fields keep their order, repeat, and survive bytes that are no UTF-8")
    func fields() async throws {
        let script: @Sendable (Peer) -> Void = { peer in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\nX-A: 1\r\nSet-Cookie: a\r\nX-Odd: ")
            peer.send([0xC3, 0x28, 0xFF])
            peer.send("\r\nset-cookie: b\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n")
        }
        try await withServer(script) { server in
            let response = try await transport().send(HTTPRequest(url: server.url))
            let names = ["x-a", "set-cookie", "x-odd", "set-cookie", "x-empty", "content-length"]
            #expect(response.headers.map(\.name) == names)
            #expect(response.header("x-odd") == "\u{FFFD}(\u{FFFD}")
            #expect(response.headers[3].value == "b")
        }
    }

    @Test("interim answers and trailers are not the answer's fields")
    func interim() async throws {
        let script: @Sendable (Peer) -> Void = { peer in
            _ = peer.request()
            peer.send(
                "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            peer.send("5\r\nhello\r\n7;note=x\r\n, world\r\n0\r\nX-Trailer: 1\r\n\r\n")
        }
        try await withServer(script) { server in
            let response = try await transport().send(HTTPRequest(url: server.url))
            #expect(response.status == 200)
            #expect(response.text == "hello, world")
            #expect(response.headers.map(\.name) == ["transfer-encoding"])
        }
    }

    @Test("gzip is decoded")
    func gzip() async throws {
        let body = try shell("printf 'compressed text' | gzip -c")
        try await withServer({ $0.answerOnce("200 OK", ["Content-Encoding: gzip"], body) }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url))
            #expect(response.text == "compressed text")
        }
    }

    @Test("a redirect is returned, and the key goes nowhere else", arguments: [301, 302, 303, 307, 308])
    func redirect(code: Int) async throws {
        try await withServer({ $0.answerAll() }) { other in
            let location = "Location: \(other.url)/"
            try await withServer({ $0.answerOnce("\(code) Elsewhere", [location]) }) { server in
                let request = HTTPRequest(url: server.url, headers: [("Authorization", "Bearer key")])
                let response = try await transport().send(request)
                #expect(response.status == code)
            }
            #expect(other.connections == 0)
        }
    }
}
