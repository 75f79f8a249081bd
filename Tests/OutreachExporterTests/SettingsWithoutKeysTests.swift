// SPDX-License-Identifier: Apache-2.0

import Foundation
import Providers
import Testing

@testable import OutreachExporter

/// A configuration where its keys are not, and keys that a provider needs more with.
@Suite struct SettingsWithoutKeysTests {
    @Test("Without keys, variables and named files may be missing, and everything else is checked")
    func missing() {
        let text = """
            accounts:
              - { name: a, provider: alpha, api_key: '${A}', base_url: '${B}', campaigns: { include: ['${C}'] } }
              - { name: b, provider: alpha, api_key_file: nowhere, ca_file: nowhere.pem, interval: '${D}' }
            """
        #expect(Self.complaints(text, toleratesMissingSecrets: false).count == 6)
        #expect(Self.complaints(text, toleratesMissingSecrets: true) == [])
        let wrong = text.replacing("nowhere,", with: "nowhere, timeout: soon,").replacing("${A}", with: "$A")
        let found = Self.complaints(wrong, toleratesMissingSecrets: true)
        #expect(found.count == 2)
        #expect(found.first?.contains("is a variable that was not replaced") == true)
        #expect(found.last?.contains("is not a duration") == true)
    }

    @Test("What is there is checked, without keys too")
    func present() throws {
        try withFolder { folder in
            let path = folder.appending(path: "key").path
            try "a b".write(toFile: path, atomically: true, encoding: .utf8)
            let text = "accounts: [{ name: a, provider: alpha, api_key_file: '\(path)', timeout: '${TIMEOUT}' }]"
            let found = Self.complaints(text, ["TIMEOUT": "soon"], toleratesMissingSecrets: true)
            #expect(found.count == 2)
        }
    }

    @Test("A platform key of SendKit needs a workspace, a key of a workspace none")
    func platformKey() throws {
        func found(_ more: String) -> [String] {
            Self.complaints("accounts: [{ name: a, provider: sendkit, \(more) }]", kinds: providerKinds)
        }
        let reason = "api_key: the key is a platform key (sk_user_…), which needs the option workspace"
        #expect(found("api_key: sk_user_1").first?.contains(reason) == true)
        #expect(found("api_key: sk_user_1, sendkit: { workspace: w1 }") == [])
        #expect(found("api_key: sk_1") == [])
        let environment = #expect(throws: SettingsError.self) {
            try Settings(environment: ["SENDKIT_API_KEY": "sk_user_1"], kinds: providerKinds)
        }
        let text = environment?.description ?? ""
        #expect(text.contains("SENDKIT_API_KEY is a platform key") && !text.contains("sk_user_1"))
    }

    @Test(
        "Every provider's own URL is right, and wrong without its path or with another one",
        arguments: providerKinds.compactMap { kind in kind.baseURL.map { (kind.name, $0) } }
    )
    func baseURL(provider: String, url: String) {
        func found(_ url: String) -> [String] {
            Self.complaints(
                "accounts: [{ name: a, provider: \(provider), api_key: k, base_url: '\(url)' }]",
                kinds: providerKinds
            )
        }
        #expect(found(url) == [])
        let host = url.split(separator: "/").prefix(2).joined(separator: "//")
        for other in [host, url + "/v9"] where other != url {
            #expect(found(other).first?.contains("the API of \(provider) is at \(url):") == true, "\(other)")
        }
    }

    private static func complaints(
        _ text: String,
        _ environment: [String: String] = [:],
        kinds: [any ProviderKind.Type] = [StubAlpha.self],
        toleratesMissingSecrets: Bool = false
    ) -> [String] {
        do throws(SettingsError) {
            _ = try Settings(
                Array(text.utf8),
                of: "/config.yml",
                environment: environment,
                kinds: kinds,
                toleratesMissingSecrets: toleratesMissingSecrets
            )
            return []
        } catch {
            return "\(error)".split(separator: "\n").map { String($0) }
        }
    }
}
