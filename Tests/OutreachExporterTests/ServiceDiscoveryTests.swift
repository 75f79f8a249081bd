// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import HTTPServer
import Outreach
import Testing

@testable import OutreachExporter

@Suite struct ServiceDiscoveryTests {
    private struct Group: Decodable, Hashable {
        let targets: [String]
        let labels: [String: String]
    }

    private func response(_ headers: [(name: String, value: String)], isSecure: Bool = false) -> Response {
        var accounts = [Account(provider: "lemlist", name: "b \"x\""), Account(provider: "instantly", name: "ü/&=")]
            .map { AccountStatus(account: $0, interval: .seconds(300)) }
        accounts[0].attribution.client = "Émile & Co"
        return ServiceDiscovery(metricsPath: "/metrics", isSecure: isSecure, accounts: accounts)
            .response(to: Request(method: "GET", path: "/sd", headers: headers))
    }

    @Test("A target per account and one for the exporter, at the address that was asked", arguments: [true, false])
    func targets(isSecure: Bool) throws {
        let response = response([("host", "exporter.example:10447")], isSecure: isSecure)
        #expect(response.headers.contains { $0 == ("Content-Type", "application/json") })
        let common = ["__metrics_path__": "/metrics", "__scheme__": isSecure ? "https" : "http"]
        let labels = [
            ["__param_account": "ü/&=", "provider": "instantly", "account": "ü/&="],
            ["__param_account": "b \"x\"", "provider": "lemlist", "account": "b \"x\"", "client": "Émile & Co"],
            ["__param_self": "1"],
        ]
        #expect(
            try JSONDecoder().decode([Group].self, from: Data(response.body.joined()))
                == labels.map {
                    Group(targets: ["exporter.example:10447"], labels: $0.merging(common) { $1 })
                }
        )
    }

    @Test("Who sees some accounts only has no target for the exporter")
    func someAccounts() throws {
        let discovery = ServiceDiscovery(
            metricsPath: "/metrics",
            isSecure: false,
            accounts: [AccountStatus(account: Account(provider: "lemlist", name: "a"), interval: .seconds(300))],
            includesExporter: false
        )
        let response = discovery.response(to: Request(method: "GET", path: "/sd", headers: [("host", "h:1")]))
        let groups = try JSONDecoder().decode([Group].self, from: Data(response.body.joined()))
        #expect(groups.map { $0.labels["__param_account"] } == ["a"])
    }

    @Test("Without an address there are no targets")
    func noHost() {
        #expect(response([]).status == 400)
    }
}
