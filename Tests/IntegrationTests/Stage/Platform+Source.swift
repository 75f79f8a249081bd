// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Simulator
import TestSupport
import Testing

@testable import Providers

extension Platform: CustomTestStringConvertible {
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
        let now: @Sendable () -> Timestamp = { clock.wallTime }
        switch self {
        case .instantly:
            let api = InstantlyAPI(account: account, gate: gate, transport: transport, now: now)
            return InstantlySource(account: account, api: api)
        case .lemlist:
            return LemlistSource(account: account, gate: gate, transport: transport, now: now)
        case .sendkit:
            let api = SendKitAPI(account: account, gate: gate, transport: transport, now: now)
            return SendKitSource(account: account, api: api)
        }
    }

    /// Requests per second that the provider's kind asks for by default.
    var requestsPerSecond: Double {
        providerKinds.first { $0.name == rawValue }?.requestsPerSecond ?? 1
    }
}
