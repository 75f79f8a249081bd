// SPDX-License-Identifier: Apache-2.0

import Collection
import Testing

@testable import Providers

@Suite struct ProviderTests {
    @Test("Names, variables and base URLs tell the providers apart")
    func distinct() {
        let names = providerKinds.map { $0.name }
        #expect(Set(names).count == names.count && Array(names.prefix(3)) == ["instantly", "lemlist", "sendkit"])
        #expect(providerKinds.allSatisfy { $0.keyVariable == "\($0.name.uppercased())_API_KEY" })
        let urls = providerKinds.compactMap { $0.baseURL }
        #expect(Set(urls).count == urls.count)
        #expect(urls.allSatisfy { $0.hasPrefix("https://") && !$0.hasSuffix("/") })
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
