// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@Suite struct ListenAddressTests {
    @Test(
        "reads what it writes",
        arguments: [
            (":10447", ListenAddress.network(host: nil, port: 10447)),
            ("127.0.0.1:0", .network(host: "127.0.0.1", port: 0)),
            ("localhost:65535", .network(host: "localhost", port: 65535)),
            ("[::1]:80", .network(host: "::1", port: 80)),
            ("unix:///run/x.sock", .unix(path: "/run/x.sock", mode: 0o660)),
            ("unix:///run/x.sock?mode=666", .unix(path: "/run/x.sock", mode: 0o666)),
        ]
    )
    func valid(_ text: String, _ address: ListenAddress) {
        #expect(ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(
        "refuses anything else",
        arguments: [
            "", ":", "10447", "localhost", ":65536", ":-1", ":+1", ": 1", "::1:80", "[::1]", "[]:1", "[a]:1", "a b:1",
            "http://a:1", "unix:", "unix://", "unix://x.sock", "unix:///x?mode=888", "unix:///x?mode=1777",
            "unix:///x?y",
            "unix:///\0",
        ]
    )
    func invalid(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("knows the URL it is reached under")
    func url() {
        #expect(ListenAddress.network(host: nil, port: 1).url(isSecure: false) == "http://localhost:1")
        #expect(ListenAddress.network(host: "::1", port: 1).url(isSecure: true) == "https://[::1]:1")
        #expect(ListenAddress.unix(path: "/x", mode: 0o660).url(isSecure: false) == nil)
    }
}
