// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import RegularExpressions
import Testing

@testable import Collection

@Suite struct AccountSettingsTests {
    private static var settings: AccountSettings {
        var settings = AccountSettings(
            account: Account(provider: "alpha", name: "acme"),
            key: Secret("sesame"),
            baseURL: "https://api.alpha.example/v1",
            options: ["b": .flag(true), "a": .list(["x", "y"]), "c": .text("z")]
        )
        settings.startDate = "2024-01-31"
        settings.userAgent = "agent/1"
        settings.caFile = "/ca.pem"
        settings.proxyURL = Secret("http://user:sesame@proxy:3128")
        settings.campaigns.statuses = [.active, .paused]
        return settings
    }

    @Test("The identity names every setting: one that is added is part of it")
    func everything() throws {
        let json = try JSONSerialization.jsonObject(with: Data(Self.settings.identity.utf8))
        let encoded = try #require(json as? [String: Any]).keys
        #expect(Set(encoded) == Set(Mirror(reflecting: Self.settings).children.compactMap(\.label)))
    }

    @Test("The identity is the same text in every process")
    func stable() {
        #expect(
            Self.settings.identity == """
                {"account":{"name":"acme","provider":"alpha"},"attribution":"","baseURL":"https://api.alpha.example/v1",\
                "caFile":"/ca.pem","campaigns":{"exclude":[],"include":[],"limit":5000,"statuses":["active","paused"]},"concurrency":4,\
                "domains":true,"interval":[16,4852094820647174144],"key":"<redacted>","mailboxes":true,\
                "maxStaleness":[48,14556284461941522432],"maximumRequestsPerSecond":1,"options":{"a":{"list":{"_0":["x","y"]}},\
                "b":{"flag":{"_0":true}},"c":{"text":{"_0":"z"}}},"proxyURL":"<redacted>","requestsPerSecond":1,"startDate":"2024-01-31",\
                "steps":true,"timeout":[1,11553255926290448384],"userAgent":"agent/1"}
                """
        )
    }

    @Test("Every change of a setting is another identity, but a new key or attribution is not")
    func changes() throws {
        let expression = try RegularExpression("^Q")
        let changes: [(inout AccountSettings) -> Void] = [
            { $0.baseURL += "x" }, { $0.interval += .seconds(1) }, { $0.maxStaleness += .seconds(1) },
            { $0.requestsPerSecond += 0.5 }, { $0.concurrency += 1 }, { $0.timeout += .milliseconds(1) },
            { $0.startDate = nil }, { $0.campaigns.include = [expression] }, { $0.campaigns.exclude = [expression] },
            { $0.campaigns.statuses = [] }, { $0.campaigns.limit = .max }, { $0.steps = false },
            { $0.mailboxes = false }, { $0.domains = false }, { $0.options["b"] = .flag(false) },
            { $0.userAgent = nil },
        ]
        let all = changes.map { change in
            var settings = Self.settings
            change(&settings)
            return settings.identity
        }
        #expect(Set(all + [Self.settings.identity]).count == changes.count + 1)
        let others: [(inout AccountSettings) -> Void] = [
            { $0.key = Secret("other") }, { $0.attribution.client = "c" }, { $0.attribution.labels = ["l"] },
            { $0.attribution.monthlyCost = MonthlyCost(97, currency: "EUR") },
        ]
        for change in others {
            var other = Self.settings
            change(&other)
            #expect(other != Self.settings && other.identity == Self.settings.identity)
        }
    }

    @Test("No text about the settings shows the key")
    func secrecy() {
        var dumped = ""
        dump(Self.settings, to: &dumped)
        dump(Self.settings.rateLimitKey, to: &dumped)
        #expect(dumped.contains("alpha") && !(dumped + "\(Self.settings)" + Self.settings.identity).contains("sesame"))
    }
}
