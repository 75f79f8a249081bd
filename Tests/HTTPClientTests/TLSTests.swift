// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct TLSTests {
    @Test("a certificate of a trusted authority for the right host is good")
    func trusted() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let certificate = server.certificate
        let transport = try transport { $0.authorities = certificate }
        let response = try await transport.send(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        #expect(response.status == 200)
        #expect(response.text.contains("TLSv1.3"))
    }

    @Test("a certificate of an unknown authority is not, and the error says so")
    func unknownAuthority() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let error = try await transport().failure(of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        #expect(error == .untrusted("SSL certificate problem: self-signed certificate"))
    }

    @Test("a certificate for another host is not, and the error says so")
    func wrongHost() async throws {
        let server = try TLSServer(for: "DNS:api.example")
        let certificate = server.certificate
        let transport = try transport { $0.authorities = certificate }
        let error = await transport.failure(of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/?key=s3cr3t"))
        guard case .untrusted(let text) = error else { return #expect(error?.kind == "untrusted") }
        #expect(text.contains("does not match") || text.contains("no alternative certificate subject name"))
        #expect(!text.contains("s3cr3t"))
    }

    @Test("HTTP/2 is offered before HTTP/1.1")
    func protocols() async throws {
        let (greetings, greeting) = AsyncStream.makeStream(of: [UInt8].self)
        try await withServer({ greeting.yield($0.read() ?? []) }) { server in
            _ = try await transport().failure(of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
            for await bytes in greetings.prefix(1) { #expect(bytes.contains(Array("\u{2}h2\u{8}http/1.1".utf8))) }
        }
    }

    @Test("a server that speaks no TLS is not to be trusted")
    func plain() async throws {
        try await withServer({ $0.answer() }) { server in
            let error = try await transport().failure(of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
            #expect(error?.kind == "untrusted")
        }
    }

    @Test("authorities that cannot be read are an error, never a reason to trust")
    func missingAuthorities() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let transport = try transport { $0.authorities = "/nonexistent/authorities.pem" }
        let error = await transport.failure(of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        #expect(error?.kind == "untrusted")
    }

    @Test("a handshake without end ends with the time for connecting")
    func endlessHandshake() async throws {
        try await withServer({ $0.waitForEnd() }) { server in
            let transport = try transport { $0.connectTimeout = .milliseconds(200) }
            let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/", timeout: .seconds(3600))
            #expect(await transport.failure(of: request) == .timedOut)
        }
    }

    @Test("a broken pipe does not end the process")
    func brokenPipe() async {
        await #expect(processExitsWith: .success) {
            try await transport().breakPipe()
        }
    }

    @Test("a request may trust authorities of its own, and only for itself")
    func ownAuthorities() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let transport = try transport()
        var request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
        request.authorities = server.certificate
        #expect(try await transport.send(request).status == 200)
        request.authorities = nil
        #expect(await transport.failure(of: request)?.kind == "untrusted")
    }
}

extension CurlTransport {
    /// Does to the thread of libcurl what writing to a broken TLS connection does.
    fileprivate func breakPipe() {
        raise(SIGPIPE)
    }
}
