// SPDX-License-Identifier: Apache-2.0

import Backfill
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
        let context = ProviderContext(gate: gate, transport: transport, now: { clock.wallTime })
        return kind.source(for: settings(name), in: context)
    }

    /// The history of the same account, without limits.
    func history(_ name: String, transport: any Transport, clock: TestClock) -> (any AccountHistory)? {
        let context = ProviderContext(gate: RequestGate(), transport: transport, now: { clock.wallTime })
        return kind.history(of: settings(name), in: context)
    }

    private func settings(_ name: String) -> AccountSettings {
        AccountSettings(account: account(name), key: Secret(name), baseURL: "http://simulator\(path)", options: [:])
    }

    private var kind: any ProviderKind.Type {
        guard let kind = providerKinds.first(where: { $0.name == rawValue }) else {
            fatalError("every simulated provider is one that the exporter knows")
        }
        return kind
    }

    /// Requests per second that the provider's kind asks for by default.
    var requestsPerSecond: Double { kind.requestsPerSecond }

    /// The rate up to which limits that the provider tells raise that.
    var maximumRequestsPerSecond: Double { kind.maximumRequestsPerSecond }
}
