// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Providers
import Simulator
import TestSupport
import Testing

extension SimulatedProvider: CustomTestStringConvertible {
    package var testDescription: String { rawValue }

    /// The account of this name.
    func account(_ name: String) -> Account {
        Account(provider: rawValue, name: name)
    }

    /// The provider's own client; its key is the account's name, its time the clock's.
    func source(
        _ name: String,
        gate: RequestGate,
        transport: any Transport,
        clock: TestClock
    ) -> any AccountSource {
        let account = AccountSettings(
            account: account(name),
            key: Secret(name),
            baseURL: "http://simulator\(path)",
            options: [:]
        )
        let context = ProviderContext(gate: gate, transport: transport, now: { clock.wallTime })
        return kind.source(for: account, in: context)
    }

    private var kind: any ProviderKind.Type {
        switch self {
        case .instantly: Instantly.self
        case .lemlist: Lemlist.self
        case .sendkit: SendKit.self
        }
    }

    /// Requests per second that the provider's kind asks for by default.
    var requestsPerSecond: Double { kind.requestsPerSecond }
}
