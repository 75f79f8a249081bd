// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Providers
import Testing

/// A provider whose API is played by a stub or by the simulator.
struct TestProvider: Sendable, CustomTestStringConvertible {
    let kind: any ProviderKind.Type
    let baseURL: String
    /// The number of campaigns, more than fit on a page.
    let campaigns: Int
    /// The id of a campaign that does not exist.
    let unknownCampaign: String
    /// The headers that carry a key.
    var authentication: @Sendable (_ key: String) -> [String: String] = { _ in [:] }
    /// The parameter of the query that carries the key; `nil` if headers do.
    var keyParameter: String?
    /// Parts of the paths that are requested only for mailboxes and domain checks.
    let mailboxPaths: [String]
    /// Parts of the paths that are requested only for steps.
    var stepPaths: [String] = []
    /// The requests of a probe of the stub, as the ends of their paths, by part; the first one lists campaigns.
    let probes: [DataPart: [String]]
    /// Whether an empty answer about a campaign says that it does not exist.
    var isNothingGone = false
    /// Opens a transport to the API with an optional fault.
    let open: @Sendable (Fault?) async throws -> any Transport

    var testDescription: String { kind.title }

    /// The stubs, which have every fault; a new provider has an entry here.
    static let stubs: [TestProvider] = [
        .instantly, .lemlist, .sendKit, .emailBison, .smartlead,
    ]
    /// Stubs and simulators.
    static let all = stubs + simulated
    static let key = "sk_test_0123456789abcdef"

    /// A source of an account at this provider, and the record of its requests.
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
        return (kind.source(for: account, in: .test(record)), record)
    }

    /// The result of a full collection.
    func collect(under fault: Fault? = nil) async throws -> CollectedAccount {
        try await CollectedAccount(source(under: fault).source)
    }
}

extension ProviderContext {
    /// A context with a gate that does not limit, at noon of 2026-08-21 unless a clock says otherwise.
    static func test(
        _ transport: any Transport,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: 1_787_313_600) }
    ) -> ProviderContext {
        ProviderContext(gate: RequestGate(), transport: transport, now: now)
    }
}
