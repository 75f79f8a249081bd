// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import HTTPServer

/// What of a request reaches the handler.
@Suite(.timeLimit(.minutes(30))) struct RequestTests {
    @Test(
        "splits and decodes the target",
        arguments: [
            ("/metrics", "/metrics []"),
            ("/m%65trics?x=%20a+b&y&=z&&x=2", #"/metrics ["x= a b", "y=", "=z", "x=2"]"#),
            ("/a%2Fb%3Fc", "/a/b?c []"),
            ("/a%00b", "/a\0b []"),
            ("/%zz%4", "/%zz%4 []"),
            ("/%ff?%fe=%fd", "/\u{FFFD} [\"\u{FFFD}=\u{FFFD}\"]"),
            ("http://elsewhere.example/path?q=1", #"/path ["q=1"]"#),
            ("HTTPS://elsewhere.example/path", "/path []"),
            ("http://elsewhere.example", "/ []"),
            ("http://elsewhere.example?q=1", #"/ ["q=1"]"#),
            ("?q", #"/ ["q="]"#),
            ("*", "* []"),
            ("//x//", "//x// []"),
        ]
    )
    func target(_ sent: String, _ expected: String) async throws {
        try await serving { request in
            .response(.text("\(request.path) \(request.query.map { "\($0.name)=\($0.value)" })"))
        } _: { address in
            let client = try RawClient(address)
            #expect(client.get(sent)?.text == expected)
        }
    }

    @Test("hands over method, header fields and body")
    func whole() async throws {
        let seen = Mutex<Request?>(nil)
        try await serving { request in
            seen.withLock { $0 = request }
            return .response(.text("fine"))
        } _: { address in
            let head =
                "PUT /x HTTP/1.1\r\nHost: a\r\nX-ONE:  1 \r\nx-two: \u{FFFD}é\r\nX-One: 2\r\nContent-Length: 3\r\n\r\n"
            let client = try RawClient(address)
            #expect(client.exchange(head + "a\0b")?.status == 200)
        }
        let last = seen.withLock { $0 }
        let request = try #require(last)
        #expect(request.method == "PUT")
        #expect(request.body == [97, 0, 98])
        #expect(request.headers.map(\.name) == ["host", "x-one", "x-two", "x-one", "content-length"])
        #expect(request.header("x-one") == "1, 2")
        #expect(request.header("x-two") == "\u{FFFD}é")
        #expect(request.header("absent") == nil)
    }

    @Test("says that a client at a loopback address is local", arguments: ["127.0.0.1", "127.9.9.9", "::1", nil])
    func local(host: String?) async throws {
        try await expect("true", host: host)
    }

    @Test("says that a client at a Unix domain socket is local")
    func localSocket() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/outreach-local-\(UUID().uuidString)"
        try await expect("true", at: .unix(path: path, mode: ListenAddress.defaultMode))
    }

    @Test(
        "says that a client at another address is not local",
        .enabled(if: !NetworkInterfaces.otherAddresses.isEmpty, "the machine has loopback alone"),
        arguments: NetworkInterfaces.otherAddresses
    )
    func remote(host: String) async throws {
        try await expect("false", host: host)
    }

    private func expect(_ isLocal: String, host: String?) async throws {
        try await expect(isLocal, at: .network(host: host, port: 0))
    }

    private func expect(_ isLocal: String, at address: ListenAddress) async throws {
        try await serving(Server.Configuration(addresses: [address])) { request in
            .response(.text("\(request.isLocal)"))
        } _: { address in
            let client = try RawClient(address)
            #expect(client.get("/")?.text == isLocal)
        }
    }

    @Test("repairs header values that are not UTF-8")
    func invalidValue() async throws {
        try await serving {
            .response(.text($0.header("x") ?? ""))
        } _: { address in
            let client = try RawClient(address)
            client.send(Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0xC3, 0x28] + Array("\r\n\r\n".utf8))
            #expect(client.response()?.text == "\u{FFFD}(")
        }
    }

    @Test("takes a body of the allowed size, sent in one or in chunks", arguments: [false, true])
    func largeBody(chunked: Bool) async throws {
        let body = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await serving(configured { $0.maxBodySize = body.count }) { request in
            .response(.text("\(request.body == body)"))
        } _: { address in
            let client = try RawClient(address)
            client.send("POST / HTTP/1.1\r\nHost: a\r\n")
            client.send(chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: \(body.count)\r\n\r\n")
            client.send(chunked ? Self.chunks(of: body) : body)
            #expect(client.response()?.text == "true")
            #expect(client.get("/")?.text == "false")
        }
    }

    @Test("refuses chunks beyond the limit once they are all there, and goes on")
    func tooManyChunks() async throws {
        let configuration = configured {
            $0.maxBodySize = 99_999
            $0.ownResponse = { response in
                var response = response
                response.headers.append(("X-Own", "\(response.status)"))
                return response
            }
        }
        try await serving(configuration) { _ in
            .response(.text("fine"))
        } _: { address in
            let client = try RawClient(address)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send(Self.chunks(of: [UInt8](repeating: 0, count: 100_000)))
            let refusal = client.response()
            #expect(refusal?.status == 413 && refusal?["x-own"] == "413", "the server's own responses can be changed")
            let response = client.get("/")
            #expect(response?.text == "fine" && response?["x-own"] == nil)
        }
    }

    @Test("asks for a body that waits for permission, unless it would refuse it")
    func expectation() async throws {
        try await serving(configured { $0.maxBodySize = 2 }) {
            .response(.text("\($0.body.count)"))
        } _: { address in
            let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
            let client = try RawClient(address)
            #expect(client.exchange(head + "2\r\n\r\n")?.status == 100)
            #expect(client.exchange("ab")?.text == "2")
            #expect(client.exchange(head + "3\r\n\r\n")?.status == 413)
        }
    }

    @Test("answers pipelined requests in their order")
    func pipeline() async throws {
        try await serving {
            .response(.text($0.path + String(decoding: $0.body, as: UTF8.self)))
        } _: { address in
            let client = try RawClient(address)
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
            client.send("GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect((1...3).map { _ in client.response()?.text } == ["/1", "/2ab", "/3"])
            #expect(client.readToEnd().isEmpty)
        }
    }

    private static func chunks(of body: [UInt8]) -> [UInt8] {
        stride(from: 0, to: body.count, by: 7000).reduce(into: []) { sent, start in
            let part = body[start..<min(start + 7000, body.count)]
            sent += Array("\(String(part.count, radix: 16))\r\n".utf8) + part + Array("\r\n".utf8)
        } + Array("0\r\n\r\n".utf8)
    }
}

/// The network interfaces of the machine that runs the tests.
private enum NetworkInterfaces {
    /// The addresses other than loopback and link-local ones; a client that connects to one of them has it, too.
    static let otherAddresses: [String] = {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        return sequence(first: list, next: { $0?.pointee.ifa_next }).compactMap { $0.flatMap(address) }
    }()

    private static func address(of interface: UnsafeMutablePointer<ifaddrs>) -> String? {
        guard let address = interface.pointee.ifa_addr else { return nil }
        let size: Int
        switch Int32(address.pointee.sa_family) {
        case AF_INET: size = MemoryLayout<sockaddr_in>.size
        case AF_INET6: size = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(address, socklen_t(size), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        let host = String(nullTerminated: text)
        return code != 0 || host.hasPrefix("127.") || host == "::1" || host.contains("%") ? nil : host
    }
}
