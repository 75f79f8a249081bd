// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OutreachExporter

@Suite struct BaseURLTests {
    @Test(
        "URLs of APIs are taken as they are",
        arguments: [
            "https://api.example.com", "https://api.example.com:8443/v1/alpha", "https://10.0.0.1",
            "https://[2001:db8::1]:443",
            "http://localhost:8080/instantly", "http://LOCALHOST", "http://api.localhost", "http://127.0.0.1:1",
            "http://127.255.0.9",
            "http://[::1]:65535", "http://127.1:8080", "http://[::ffff:127.0.0.1]",
        ]
    )
    func good(url: String) throws {
        #expect(complaints(account: "base_url: \(url)") == [])
        #expect(try BaseURL(url).text == url)
    }

    @Test(
        "Anything else says what is wrong, and never shows what it holds",
        arguments: [
            ("api.example.com", "the URL must start with https:// or http://"),
            ("ftp://x", "the URL must start with https:// or http://"),
            ("HTTPS://x", "the URL must start with https:// or http://"),
            ("\"\"", "the URL must start with https:// or http://"),
            ("https://x/", "remove the slash at the end of the URL"),
            ("https://x?key=pa55", "the URL cannot have a query or fragment: remove what starts with ? or #"),
            ("https://x#pa55", "the URL cannot have a query or fragment: remove what starts with ? or #"),
            ("https://me:pa55@x", "the URL cannot hold a user or password: the key belongs in api_key"),
            ("\"https://x y\"", "the URL holds a character that must be percent-encoded"),
            ("https://exämple.com", "the URL holds a character that must be percent-encoded"),
            ("\"https://x\\r\\ny\"", "the URL holds a character that must be percent-encoded"),
            ("https://x:0", "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"),
            (
                "https://x:65536",
                "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"
            ),
            (
                "\"https://x:\"",
                "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"
            ),
            ("https://:80", "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"),
            ("https:///x", "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"),
            ("https://", "remove the slash at the end of the URL"),
        ]
    )
    func bad(url: String, reason: String) {
        #expect(complaints(account: "base_url: \(url)") == ["f:5:15: base_url: \(reason)"])
    }

    @Test("The provider's host has its API at one path only; any other host may have it anywhere")
    func path() {
        let advice = "the API of alpha is at https://api.alpha.example: write that, or leave base_url out"
        for url in ["https://api.alpha.example/v1", "https://API.alpha.example/v1"] {
            #expect(complaints(account: "base_url: \(url)") == ["f:5:15: base_url: \(advice)"])
        }
        for url in ["https://api.alpha.example", "https://api.alpha.example:8443/v1", "https://proxy.example/v1"] {
            #expect(complaints(account: "base_url: \(url)") == [])
        }
    }

    @Test(
        "A key goes unencrypted only to this machine, or where somebody accepts that",
        arguments: [
            "http://api.example.com", "http://127.0.0.1.example.com", "http://127.example.com",
            "http://localhost.example.com", "http://10.0.0.1", "http://0.0.0.0", "http://localhost.",
            "http://127.0.0.256", "http://[::2]",
        ]
    )
    func plain(url: String) {
        #expect(
            complaints(account: "base_url: \(url)") == [
                "f:5:15: base_url: http:// would send the key unencrypted: write https://, or set allow_plain_http: true to accept that"
            ]
        )
        #expect(complaints(account: "base_url: \(url)\nallow_plain_http: true") == [])
    }
}
