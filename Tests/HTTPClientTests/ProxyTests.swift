// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTPClient
import Testing

/// Each test is a process of its own, since the environment is the process's.
@Suite(.timeLimit(.minutes(30))) struct ProxyTests {
    private static func whileProxied(
        by variable: String,
        _ script: @escaping @Sendable (Peer) -> Void,
        _ body: (CurlTransport, ScriptedServer) async throws -> Void
    ) async throws {
        try await withServer(script) { proxy in
            setenv(variable, proxy.url, 1)
            try await body(try transport(), proxy)
        }
    }

    @Test("http_proxy is asked with the whole URL")
    func plain() async {
        await #expect(processExitsWith: .success) {
            try await Self.whileProxied(by: "http_proxy", { $0.echo() }) { transport, _ in
                let response = try await transport.send(HTTPRequest(url: "http://api.example.test/list?limit=1"))
                #expect(response.text.hasPrefix("GET http://api.example.test/list?limit=1 HTTP/1.1\r\n"))
            }
        }
    }

    @Test("https_proxy is asked for a tunnel, and never sees the key; its refusal is told")
    func tunnel() async {
        await #expect(processExitsWith: .success) {
            let (heads, head) = AsyncStream.makeStream(of: String.self)
            let script: @Sendable (Peer) -> Void = { peer in
                if let request = peer.request() { head.yield(request.head) }
                peer.answer("407 Proxy Authentication Required", ["Proxy-Authenticate: Basic"])
            }
            try await Self.whileProxied(by: "https_proxy", script) { transport, _ in
                let request = HTTPRequest(url: "https://api.example.test/?q=s3cr3t", headers: [("X-Key", "s3cr3t")])
                #expect(await transport.failure(of: request) == .unreachable("the proxy answered 407"))
            }
            for await head in heads.prefix(1) {
                #expect(head.hasPrefix("CONNECT api.example.test:443 HTTP/1.1\r\n"))
                #expect(!head.contains("s3cr3t"))
            }
        }
    }

    @Test("no_proxy names the exceptions")
    func exception() async {
        await #expect(processExitsWith: .success) {
            try await Self.whileProxied(by: "http_proxy", { $0.echo() }) { transport, proxy in
                setenv("no_proxy", "invalid", 1)
                let error = await transport.failure(of: HTTPRequest(url: "http://api.invalid/"))
                #expect(error?.isUnreachable(saying: "resolve host") == true)
                #expect(proxy.connections == 0)
            }
        }
    }

    @Test("this machine is asked directly", arguments: ["127.0.0.1", "127.1", "LOCALHOST", "api.localhost"])
    func loopback(host: String) async {
        await #expect(processExitsWith: .success) { [host] in
            try await Self.whileProxied(by: "http_proxy", { $0.echo() }) { transport, proxy in
                try await withServer({ $0.answerAll("direct") }) { server in
                    let response = try await transport.send(HTTPRequest(url: "http://\(host):\(server.port)/"))
                    #expect(response.text == "direct")
                    #expect(proxy.connections == 0)
                }
            }
        }
    }

    @Test("a proxy that is not there is an error", arguments: ["http_proxy", "all_proxy"])
    func missing(variable: String) async {
        await #expect(processExitsWith: .success) { [variable] in
            setenv(variable, "http://127.0.0.1:1", 1)
            let error = try await transport().failure(of: HTTPRequest(url: "http://api.example.test/"))
            #expect(error?.kind == "unreachable")
        }
    }

    @Test("a request's own proxy replaces that of the environment and its exceptions, and gets its password")
    func ownProxy() async {
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            setenv("no_proxy", "api.example.test", 1)
            try await withServer({ $0.echo() }) { proxy in
                var request = HTTPRequest(url: "http://api.example.test/list")
                request.proxy = proxy.url.replacing("http://", with: "http://me:s3cr3t@")
                let text = try await transport().send(request).text
                #expect(text.hasPrefix("GET http://api.example.test/list HTTP/1.1\r\n"))
                #expect(text.contains("Proxy-Authorization: Basic bWU6czNjcjN0\r\n"))
                request.proxy = "http://me:s3cr3t@127.0.0.1:1"
                let error = try await transport().failure(of: request)
                #expect(error?.kind == "unreachable" && error?.description.contains("s3cr3t") == false)
            }
        }
    }
}
