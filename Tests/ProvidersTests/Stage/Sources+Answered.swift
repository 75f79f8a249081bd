// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach

@testable import Providers

/// Makes the account that the tests of one provider use.
func account(_ options: [String: OptionValue] = [:], startDate: String? = nil) -> AccountSettings {
    var account = AccountSettings(
        account: Account(provider: "any", name: "acme"),
        key: Secret(Stage.key),
        baseURL: "http://stub",
        options: options
    )
    account.startDate = startDate
    return account
}

extension AccountSource where Self == InstantlySource {
    /// Instantly as some function answers for it.
    static func answered(
        for account: AccountSettings = account(),
        _ answer: @escaping StubTransport.Route
    ) -> InstantlySource {
        let api = InstantlyAPI(
            account: account,
            gate: RequestGate(),
            transport: StubTransport(answer: answer),
            now: { .now }
        )
        return InstantlySource(account: account, api: api)
    }
}

extension AccountSource where Self == SendKitSource {
    /// SendKit as some function answers for it.
    static func answered(
        for account: AccountSettings = account(),
        _ answer: @escaping StubTransport.Route
    ) -> SendKitSource {
        let api = SendKitAPI(
            account: account,
            gate: RequestGate(),
            transport: StubTransport(answer: answer),
            now: { .now }
        )
        return SendKitSource(account: account, api: api)
    }
}

extension AccountSource where Self == LemlistSource {
    /// lemlist as some function answers for it, at noon of 2026-08-21 unless a clock says otherwise.
    static func answered(
        for account: AccountSettings = account(),
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: 1_787_313_600) },
        _ answer: @escaping StubTransport.Route
    ) -> LemlistSource {
        LemlistSource(account: account, gate: RequestGate(), transport: StubTransport(answer: answer), now: now)
    }
}
