// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTPClient

/// Which URLs bypass the proxy, and may be plain HTTP in the configuration.
@Suite struct LoopbackTests {
    static let loopback = [
        "localhost", "LOCALHOST", "localhost:8080", "api.localhost", "a.b.LocalHost:1", "127.0.0.1", "127.255.0.9",
        "127.1", "127.0.0", "0x7f.1", "2130706433", "127.0.0.1:65535", "[::1]", "[0:0:0:0:0:0:0:1]:80",
        "[::ffff:127.0.0.1]", "[::FFFF:7f00:1]", "user@127.0.0.1",
    ]
    static let elsewhere = [
        "localhost.", "api.localhost.", "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example",
        "127.example", "127.0.0.256", "127.0.0.1.", "0.0.0.0", "128.0.0.1", "[::]", "[::2]", "[::ffff:10.0.0.1]",
        "[::127.0.0.1]", "localhost@evil.example", "127.0.0.1:80@evil.example",
    ]

    @Test("requests to this machine are told from all others", arguments: loopback, ["http", "https"])
    func stays(host: String, scheme: String) throws {
        #expect(try RequestURL("\(scheme)://\(host)/path").isLoopback)
    }

    @Test("what merely looks like this machine is another one", arguments: elsewhere, ["http", "https"])
    func leaves(host: String, scheme: String) throws {
        #expect(try !RequestURL("\(scheme)://\(host)/path").isLoopback)
    }
}
