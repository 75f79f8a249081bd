// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import HTTPClient
import Outreach

@testable import Providers

/// An account of any provider.
func account(_ options: [String: OptionValue] = [:], startDate: String? = nil) -> AccountSettings {
    var account = AccountSettings(
        account: Account(provider: "any", name: "acme"),
        key: Secret(TestProvider.key),
        baseURL: "http://stub",
        options: options
    )
    account.startDate = startDate
    return account
}

extension ProviderKind {
    /// A source whose requests a function responds to.
    static func stub(
        for account: AccountSettings = account(),
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: 1_787_313_600) },
        _ respond: @escaping StubTransport.Respond
    ) -> any AccountSource {
        source(for: account, in: .test(StubTransport(respond: respond), now: now))
    }
}

/// An example response from a provider's documentation.
enum Fixture {
    /// The content of a file below `Fixtures`.
    static func body(_ name: String) throws -> [UInt8] {
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json")
        return Array(try Data(contentsOf: file))
    }

    /// Responds to `METHOD /path` with a file, and to anything else with 404.
    static func responses(_ routes: [String: String]) throws -> StubTransport.Respond {
        let bodies = try routes.mapValues(body)
        return { request in
            bodies["\(request.method) /\(request.path.joined(separator: "/"))"]
                .map { HTTPResponse(status: 200, body: $0) } ?? .text("Campaign not found", status: 404)
        }
    }
}
