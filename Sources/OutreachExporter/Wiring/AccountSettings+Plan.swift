// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient
internal import Outreach
internal import Providers

extension AccountSettings {
    /// How this account is collected over a transport.
    func plan(over transport: any Transport, kinds: [any ProviderKind.Type] = providerKinds) -> AccountPlan? {
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
            selects: { campaigns.admits($0) },
            source: { gate in kind.source(for: source, gate: gate, transport: transport) }
        )
    }
}

extension AccountSettings {
    /// Everything configured for the account but its key, as stable text.
    private var identity: String {
        let options = source.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let groups = "steps=\(source.steps) mailboxes=\(source.mailboxes) domains=\(source.domains)"
        let pace = "\(interval) \(maxStaleness) \(requestsPerSecond) \(concurrency) \(source.timeout)"
        let selection = "\(campaigns.include) \(campaigns.exclude) \(campaigns.statuses.map(\.rawValue).sorted())"
        let limit = campaigns.limit.map(String.init) ?? "-"
        return [source.baseURL, source.startDate ?? "-", groups, pace, selection, limit, "\(options)"]
            .joined(separator: " ")
    }
}
