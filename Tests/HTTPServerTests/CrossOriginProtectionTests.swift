// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

/// Which requests of browsers are refused.
@Suite struct CrossOriginProtectionTests {
    private static let protection = CrossOriginProtection(hostName: "Monitor.example")

    private static func rejection(method: String = "POST", _ headers: [String: String]) -> Response? {
        let fields = headers.map { (name: $0.key, value: $0.value) }
        return protection.rejection(of: Request(method: method, path: "/", headers: fields))
    }

    @Test(
        "A program's request is accepted under any name",
        arguments: ["127.0.0.1:10447", "proxy.example", "", "attacker.example:10447"]
    )
    func program(host: String) {
        #expect(Self.rejection(["host": host, "user-agent": "curl/8"]) == nil)
        #expect(Self.rejection(method: "PUT", ["host": host]) == nil)
        #expect(Self.rejection([:]) == nil)
    }

    @Test(
        "A page under an address or name of this machine may send requests to it",
        arguments: [
            "127.0.0.1:10447", "10.0.0.5", "[::1]:10447", "[2001:db8::1]", "localhost", "LOCALHOST:10447",
            "monitor.example:10447", "MONITOR.example",
        ]
    )
    func sameOrigin(host: String) {
        #expect(Self.rejection(["host": host, "origin": "http://\(host)", "sec-fetch-site": "same-origin"]) == nil)
        #expect(Self.rejection(["host": host, "origin": "https://\(host)"]) == nil)
        #expect(Self.rejection(["host": host, "sec-fetch-site": "none"]) == nil)
    }

    @Test("Another site is refused, also one of the same domain", arguments: ["cross-site", "same-site", "", "None"])
    func crossSite(site: String) {
        let rejection = Self.rejection(["host": "127.0.0.1:10447", "sec-fetch-site": site])
        #expect(rejection?.status == 403)
        #expect(Self.text(rejection).contains("Sec-Fetch-Site names another site"))
    }

    @Test(
        "An origin other than the host is refused, also where Sec-Fetch-Site is missing or accepts it",
        arguments: [
            "null", "", "http://attacker.example", "http://127.0.0.1", "http://127.0.0.1:8080", "127.0.0.1:10447",
            "file://127.0.0.1:10447", "http://127.0.0.1:10447/", "http://127.0.0.1:10447, http://127.0.0.1:10447",
        ]
    )
    func otherOrigin(origin: String) {
        for site in [nil, "same-origin"] {
            var headers = ["host": "127.0.0.1:10447", "origin": origin]
            headers["sec-fetch-site"] = site
            let rejection = Self.rejection(headers)
            #expect(rejection?.status == 403)
            #expect(Self.text(rejection).contains("Origin differs from Host"))
        }
    }

    @Test(
        "A name that is not this machine's is refused: its owner may have changed its address to this one",
        arguments: [
            "attacker.example:10447", "localhost.attacker.example", "127.0.0.1.attacker.example", "monitor", "1.2.3",
            "monitor.example.attacker.example:1", "[::1].attacker.example", "[localhost]", "[127.0.0.1]", "::1", "[",
            "attacker.localhost.",
        ]
    )
    func rebound(host: String) {
        for headers in [["origin": "http://\(host)"], ["sec-fetch-site": "same-origin"], ["sec-fetch-site": "none"]] {
            let rejection = Self.rejection(headers.merging(["host": host]) { old, _ in old })
            #expect(rejection?.status == 403)
            #expect(Self.text(rejection).contains("Host is not a name of this machine"))
        }
    }

    @Test("Without a host or a name of the machine nothing is equal by being empty")
    func empty() {
        let nameless = CrossOriginProtection(hostName: "")
        let request = Request(method: "POST", path: "/", headers: [("origin", "http://")])
        #expect(nameless.rejection(of: request)?.status == 403)
    }

    @Test("What changes nothing is accepted from anywhere", arguments: ["GET", "HEAD"])
    func safe(method: String) {
        let headers = ["host": "attacker.example", "origin": "null", "sec-fetch-site": "cross-site"]
        #expect(Self.rejection(method: method, headers) == nil)
    }

    private static func text(_ response: Response?) -> String {
        String(decoding: response?.body.joined().map(\.self) ?? [], as: UTF8.self)
    }

    @Test("the host of the external URL is a name of the exporter, whichever Host its proxy sends")
    func external() {
        let protection = CrossOriginProtection(hostName: "monitor", external: "Public.example:8443")
        for (host, origin, isAccepted) in [
            ("public.example:8443", "https://public.example:8443", true),
            ("127.0.0.1", "https://public.example:8443", true),
            ("public.example", "https://public.example", true), ("other.example", "https://public.example:8443", false),
            ("public.example:8443", "https://other.example", false), ("public.example:8443", "null", false),
        ] {
            let request = Request(method: "POST", path: "/-/reload", headers: [("host", host), ("origin", origin)])
            #expect((protection.rejection(of: request) == nil) == isAccepted, "\(host) \(origin)")
        }
    }
}
