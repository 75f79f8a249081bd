// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct SecrecyTests {
    private static let secret = "s3cr3t"

    /// A request that holds the secret wherever one can be.
    private func request(_ scheme: String, _ host: String, _ change: (inout HTTPRequest) -> Void = { _ in })
        -> HTTPRequest
    {
        let secret = Self.secret
        var request = HTTPRequest(
            method: "POST",
            url: "\(scheme)://\(secret):\(secret)@\(host)/\(secret)?key=\(secret)#\(secret)",
            headers: [("Authorization", "Bearer \(secret)"), ("X-\(secret)", secret)],
            body: Array(secret.utf8),
            timeout: .milliseconds(300)
        )
        change(&request)
        return request
    }

    private func expectSilence(_ request: HTTPRequest) async throws {
        let error = try #require(try await transport { $0.responseLimit = 100 }.failure(of: request))
        #expect(!"\(error)".contains(Self.secret))
        #expect(!String(reflecting: error).contains(Self.secret))
        #expect("\(error)".utf8.count < 200)
    }

    @Test(
        "whatever the server does, the error tells nothing of the request",
        arguments: [
            "", "s3cr3t\r\n\r\n", "HTTP/1.1 200 s3cr3t\r\nX-s3cr3t: s3cr3t\r\nContent-Length: 10\r\n\r\ns3cr3t",
            "HTTP/1.1 200 OK\r\nContent-Encoding: s3cr3t\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: s3cr3t\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ns3cr3t",
            "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "s3cr3t", count: 100),
        ]
    )
    func answers(answer: String) async throws {
        let script: @Sendable (Peer) -> Void = { peer in
            _ = peer.request()
            peer.send(answer)
        }
        try await withServer(script) { try await expectSilence(request("http", "127.0.0.1:\($0.port)")) }
    }

    @Test("time-outs and refused connections tell nothing of the request")
    func connections() async throws {
        try await withServer({ $0.waitForEnd() }) { try await expectSilence(request("http", "127.0.0.1:\($0.port)")) }
        try await expectSilence(request("http", "127.0.0.1:1"))
        try await expectSilence(request("http", "nowhere.invalid"))
    }

    @Test("certificates and handshakes tell nothing of the request")
    func handshakes() async throws {
        try await withServer({ $0.answer() }) { try await expectSilence(request("https", "127.0.0.1:\($0.port)")) }
        let server = try TLSServer(for: "IP:127.0.0.1")
        try await expectSilence(request("https", "127.0.0.1:\(server.port)"))
    }

    @Test("requests that cannot be sent are refused without being told")
    func requests() async throws {
        let host = "127.0.0.1:1"
        try await expectSilence(request("s3cr3t", host))
        try await expectSilence(request("ftp", host))
        try await expectSilence(request("http", "\(host)x"))
        try await expectSilence(request("http", host) { $0.url += "\n" })
        try await expectSilence(request("http", host) { $0.method = "s3cr3t\n" })
        try await expectSilence(request("http", host) { $0.headers.append(("X", "s3cr3t\n")) })
        try await expectSilence(request("http", host) { $0.headers.append(("s3cr3t:", "1")) })
    }
}
