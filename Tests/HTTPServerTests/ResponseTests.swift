// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization
import Testing

/// The responses that a client gets for a handler's results.
@Suite(.timeLimit(.minutes(30))) struct ResponseTests {
    /// Pieces that repeat at a distance prime to every buffer's size, and differ from each other.
    static func pieces(_ count: Int, of size: Int) -> [[UInt8]] {
        let tile = (0..<251).map { UInt8($0) }
        let tiles = (0...size / tile.count + 1).reduce(into: []) { all, _ in all += tile }
        return (0..<count).map { Array(tiles[$0 % tile.count..<$0 % tile.count + size]) }
    }

    private static func joined(_ pieces: [[UInt8]]) -> [UInt8] {
        pieces.reduce(into: []) { $0 += $1 }
    }

    @Test(
        "sends every piece exactly, whatever their number and size",
        arguments: [(0, 0), (1, 0), (1, 1), (1, 1_000_000), (5, 100_000), (2, 3_000_000)]
            + [(256, 4_000), (257, 4_000), (3_000, 50)]
    )
    func pieces(_ count: Int, _ size: Int) async throws {
        let pieces = Self.pieces(count, of: size)
        try await serving { _ in
            .response(Response(body: pieces + [[]]))
        } _: { address in
            let client = try RawClient(address)
            for _ in 0..<3 {
                let response = client.get("/")
                #expect(response?["content-length"] == "\(count * size)")
                #expect(response?.body == Self.joined(pieces))
            }
        }
    }

    @Test("gives HEAD the header fields of GET and no body")
    func head() async throws {
        try await serving { _ in
            .response(.text("fine", headers: [("X-One", "1")]))
        } _: { address in
            let client = try RawClient(address)
            let fields = ["GET", "HEAD"].map { method in
                client.exchange("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n")?.headers.filter { $0.name != "date" }
                    .map { "\($0.name): \($0.value)" }
            }
            #expect(fields[0] == fields[1])
            #expect(Set(fields[0] ?? []).isSuperset(of: ["content-length: 4", "x-one: 1"]))
            #expect(client.get("/")?.text == "fine")
        }
    }

    @Test(
        "answers 500 for what is no valid response",
        arguments: [
            Response(status: 99), Response(status: 101), Response(status: 600),
            .text("", headers: [("X", "a\r\nY: b")]), .text("", headers: [("X Y", "a")]),
            .text("", headers: [("", "a")]),
            .text("", headers: [("Content-Length", "1")]),
        ]
    )
    func invalid(_ response: Response) async throws {
        try await serving { _ in
            .response(response)
        } _: { address in
            let received = try RawClient(address).get("/")
            #expect(received?.status == 500)
            #expect(received?.text == "The answer was not valid HTTP.\n")
        }
    }

    @Test("closes HTTP/1.0 connections unless asked to keep them")
    func version10() async throws {
        try await serving { _ in
            .response(.text("fine"))
        } _: { address in
            let kept = try RawClient(address)
            #expect(kept.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")?["connection"] == "Keep-Alive")
            #expect(kept.exchange("GET / HTTP/1.0\r\n\r\n")?.text == "fine")
            #expect(kept.seesEnd())
        }
    }

    @Test("makes deferred responses without holding a thread")
    func deferred() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        try await serving(configured { $0.threads = 1 }) { request in
            guard request.path == "/deferred" else { return .response(.text("now")) }
            return .deferred {
                for await _ in gate.stream {}
                return .deferred { .response(.text("late")) }
            }
        } _: { address in
            let waiting = try (0..<20).map { _ in try RawClient(address) }
            waiting.forEach { $0.send("GET /deferred HTTP/1.1\r\nHost: a\r\n\r\n") }
            #expect(try RawClient(address).get("/")?.text == "now")
            gate.continuation.finish()
            for client in waiting {
                #expect(client.response()?.text == "late")
                #expect(client.get("/")?.text == "now")
            }
        }
    }

    @Test(
        "closes the connection where the handler aborts the body",
        arguments: [0, 1, 99_999, 100_000, 150_000, 299_999]
    )
    func abortedInBody(end: Int) async throws {
        let pieces = Self.pieces(3, of: 100_000)
        try await serving { _ in
            .response(Response(body: pieces).aborted(.afterBody(end)))
        } _: { address in
            let client = try RawClient(address)
            let response = client.get("/")
            #expect(response?["content-length"] == "300000")
            #expect(response?.body == Array(Self.joined(pieces).prefix(end)))
            #expect(client.seesEnd(), "\(end)")
        }
    }

    @Test("closes the connection without a response if the handler aborts, at once or deferred")
    func abortedBeforeHead() async throws {
        try await serving { request in
            let aborted = Server.HandlerResult.response(Response().aborted(.beforeHead))
            return request.path == "/deferred" ? .deferred { aborted } : aborted
        } _: { address in
            for path in ["/", "/deferred"] {
                let client = try RawClient(address)
                client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(client.readToEnd().isEmpty)
            }
        }
    }
}
