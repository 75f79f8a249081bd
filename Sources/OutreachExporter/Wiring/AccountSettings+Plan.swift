// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient
internal import History
internal import Outreach
internal import Providers

extension AccountSettings {
    /// How this account is collected over a transport.
    func plan(
        over transport: any Transport,
        limits: SeriesLimits = SeriesLimits(),
        kinds: [any ProviderKind.Type] = providerKinds
    ) -> AccountPlan? {
        let (source, campaigns) = (self.source, self.campaigns)
        guard let kind = kinds.first(where: { $0.name == source.account.provider }) else { return nil }
        return AccountPlan(
            account: source.account,
            identity: identity,
            limitKey: "\(LimiterKey(of: self))",
            interval: interval,
            maxStaleness: maxStaleness,
            requestsPerSecond: requestsPerSecond,
            concurrency: concurrency,
            mailboxes: source.mailboxes,
            domains: source.domains,
            campaignLimit: campaigns.limit ?? .max,
            limits: ReportLimits(
                series: limits.seriesPerAccount ?? .max,
                labelValueLength: limits.labelValueLength ?? .max
            ),
            selects: { campaigns.admits($0) },
            source: { gate in kind.source(for: source, gate: gate, transport: transport) }
        )
    }

    /// What tells this account's past over a transport.
    func history(
        over transport: any Transport,
        gate: CallGate,
        kinds: [any ProviderKind.Type] = providerKinds
    ) -> (any AccountHistory)? {
        kinds.first { $0.name == source.account.provider }?.history(of: source, gate: gate, transport: transport)
    }
}
