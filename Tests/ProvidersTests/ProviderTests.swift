// SPDX-License-Identifier: Apache-2.0

import Collection
import Testing

@testable import Providers

@Suite struct ProviderTests {
    @Test("Names, variables and base URLs tell the providers apart")
    func distinct() {
        #expect(providerKinds.map { $0.name } == ["instantly", "lemlist", "sendkit"])
        #expect(providerKinds.map { $0.keyVariable } == ["INSTANTLY_API_KEY", "LEMLIST_API_KEY", "SENDKIT_API_KEY"])
        #expect(providerKinds.allSatisfy { $0.baseURL.hasPrefix("https://") && !$0.baseURL.hasSuffix("/") })
        #expect(providerKinds.map { $0.requestsPerSecond } == [8, 8, 5])
    }

    @Test(
        "A header's value is one visible word",
        arguments: [("w-1", true), ("a b", false), ("a\r\nb: c", false), ("ü", false)]
    )
    func headerValue(_ text: String, _ isFine: Bool) {
        #expect((ProviderOption.headerValueProblem(text) == nil) == isFine)
    }

    @Test("Options that are not set, or set to nothing, are nothing")
    func options() {
        let options: [String: OptionValue] = ["text": .text(""), "list": .list([]), "flag": .flag(false)]
        #expect(options.text("text") == nil && options.list("list") == nil && !options.flag("flag"))
        #expect(options.text("other") == nil && options.list("other") == nil && !options.flag("other"))
    }
}
