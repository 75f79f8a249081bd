// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Providers
import Testing

/// A place where a provider's API is answered: from tables here, or by a simulator over HTTP.
struct Stage: Sendable, CustomTestStringConvertible {
    let kind: any ProviderKind.Type
    let baseURL: String
    /// How many campaigns there are: more than a page.
    let campaigns: Int
    /// The id of a campaign that is not there.
    let stranger: String
    /// The headers that a key must be sent in.
    let authentication: @Sendable (_ key: String) -> [String: String]
    /// Opens the place with a fault, which ends with the transport's use.
    let open: @Sendable (Fault?) async throws -> any Transport

    var testDescription: String { kind.title }

    /// The places that answer from tables and know every fault.
    static let tables: [Stage] = [.instantly, .lemlist, .sendKit]
    /// Every place.
    static let all = tables + simulated
    static let key = "sk_test_0123456789abcdef"

    /// A source in this place, and the record of what it sends.
    func source(
        under fault: Fault? = nil,
        options: [String: OptionValue] = [:],
        change: (inout AccountSettings) -> Void = { _ in }
    ) async throws -> (source: any AccountSource, record: RecordingTransport) {
        let record = RecordingTransport(try await open(fault))
        var account = AccountSettings(
            account: Account(provider: kind.name, name: "acme"),
            key: Secret(Self.key),
            baseURL: baseURL,
            options: options
        )
        change(&account)
        return (kind.source(for: account, gate: RequestGate(), transport: record), record)
    }

    /// Everything that the place tells.
    func harvest(under fault: Fault? = nil) async throws -> Harvest {
        try await Harvest(source(under: fault).source)
    }
}
