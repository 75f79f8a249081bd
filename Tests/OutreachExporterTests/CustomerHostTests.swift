// SPDX-License-Identifier: Apache-2.0

import Collection
import Configuration
import Providers
import Testing

@testable import OutreachExporter

/// A provider of which every customer has a host of its own, so that there is no default.
@Suite struct CustomerHostTests {
    private func settings(_ url: String?) throws(SettingsError) -> Settings {
        var environment = ["EMAILBISON_API_KEY": "17|k"]
        environment["EMAILBISON_BASE_URL"] = url
        return try Settings(environment: environment, kinds: providerKinds)
    }

    @Test("The environment names the host beside the key")
    func environment() throws {
        let account = try #require(try settings("https://send.agency.example").accounts.first)
        #expect(account.name == "emailbison" && account.settings.baseURL == "https://send.agency.example")
    }

    @Test(
        "Without a host that can be used the variable is named, and what to write",
        arguments: [
            (nil, "is not set: every EmailBison customer has a host of its own"), ("", "is not set"),
            ("http://send.agency.example", "would send the key unencrypted: write https://"),
            ("https://send.agency.example/", "cannot be used: remove the slash"),
        ] as [(String?, String)]
    )
    func unusable(_ url: String?, _ reason: String) {
        let error = #expect(throws: SettingsError.self) { _ = try settings(url) }
        #expect(error?.description.hasPrefix("the environment variable EMAILBISON_BASE_URL \(reason)") == true)
    }

    @Test("In a file it is an error at the provider")
    func file() {
        let text = "accounts:\n  - { name: a, provider: emailbison, api_key: k }\n"
        let error = #expect(throws: SettingsError.self) {
            _ = try Settings(Array(text.utf8), of: "f", environment: [:], kinds: providerKinds)
        }
        let start = "f:2:26: provider: base_url is missing: every EmailBison customer"
        #expect(error?.description.hasPrefix(start) == true)
    }
}
