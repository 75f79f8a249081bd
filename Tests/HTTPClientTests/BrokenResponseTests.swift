// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct BrokenResponseTests {
    /// How a request to a server with a script ends.
    private func failure(
        limit: Int = 1 << 20,
        _ script: @escaping @Sendable (Peer) -> Void
    ) async throws -> TransportError? {
        try await withServer(script) { server in
            try await transport { $0.responseLimit = limit }.failure(of: HTTPRequest(url: server.url))
        }
    }

    @Test(
        "an answer that breaks off or is none is no answer",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "220 mail.example ESMTP\r\n",
            "<html>neither head nor status</html>", "\0\0\0\0\0\0\0\0\0\0",
        ]
    )
    func broken(answer: String) async throws {
        let error = try await failure { peer in
            _ = peer.request()
            peer.send(answer)
        }
        #expect(error?.kind == "unreachable")
    }

    @Test("a body that does not decode says so", arguments: ["gzip", "br", "unheard-of"])
    func badEncoding(_ name: String) async throws {
        let error = try await failure { peer in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: \(name)\r\nContent-Length: 9\r\n\r\nno such !")
        }
        #expect(error == .badEncoding)
    }

    @Test("a reset connection is no answer, and says so")
    func reset() async throws {
        let error = try await failure { peer in
            _ = peer.request()
            peer.reset()
        }
        #expect(error == .unreachable("Failure when receiving data from the peer: Connection reset by peer"))
    }

    @Test("nobody listening is no answer, and says so")
    func refused() async throws {
        let server = try ScriptedServer { _ in }
        server.stop()
        let error = try await transport().failure(of: HTTPRequest(url: server.url))
        #expect(error?.isUnreachable(saying: "connect to server: Connection refused") == true)
    }

    @Test("a name that does not exist is no answer, and says so")
    func unknownHost() async throws {
        let error = try await transport().failure(of: HTTPRequest(url: "http://nowhere.invalid/"))
        #expect(error?.isUnreachable(saying: "resolve host") == true)
    }

    @Test("a body of the limit passes, one byte more does not", arguments: [0, 1])
    func limit(excess: Int) async throws {
        let body = [UInt8](repeating: 65, count: 100_000 + excess)
        let error = try await failure(limit: 100_000) { $0.answerOnce("200 OK", [], body) }
        #expect(error == (excess == 0 ? nil : .tooLarge(limit: 100_000)))
    }

    @Test("a body without end stops at the limit")
    func endlessBody() async throws {
        let error = try await failure { peer in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\n\r\n")
            while peer.send([UInt8](repeating: 65, count: 65_536)) {}
        }
        #expect(error == .tooLarge(limit: 1 << 20))
    }

    @Test("a compressed body stops at the limit of what it unfolds to")
    func bomb() async throws {
        let bomb = try shell("head -c 67108864 /dev/zero | gzip -c")
        #expect(bomb.count < 100_000)
        let error = try await failure { $0.answerOnce("200 OK", ["Content-Encoding: gzip"], bomb) }
        #expect(error == .tooLarge(limit: 1 << 20))
    }

    @Test("a head without end is refused")
    func endlessHead() async throws {
        let error = try await failure { peer in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\n")
            let fields = String(repeating: "X-More: \(String(repeating: "x", count: 80))\r\n", count: 100)
            while peer.send(fields) {}
        }
        #expect(error?.kind == "unreachable")
    }

    @Test("a field without end is refused")
    func endlessField() async throws {
        let error = try await failure { peer in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\nX-More: ")
            while peer.send([UInt8](repeating: 65, count: 65_536)) {}
        }
        #expect(error?.kind == "unreachable")
    }
}
