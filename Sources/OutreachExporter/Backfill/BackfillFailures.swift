// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach
internal import Synchronization

/// The campaigns and accounts that a backfill leaves out; each is logged once, with the error and its route.
final class BackfillFailures: Sendable {
    private struct CampaignKey: Hashable {
        let account: Account
        let campaign: String
    }

    private struct State {
        var accounts: [Account] = []
        var campaigns: Set<CampaignKey> = []
    }

    /// The most ids and the most accounts in the summary.
    private static let maxNames = 3

    private let log: Log
    private let state = Mutex(State())

    init(log: Log) {
        self.log = log
    }

    var isEmpty: Bool { state.withLock { $0.accounts.isEmpty && $0.campaigns.isEmpty } }

    func contains(_ account: Account) -> Bool { state.withLock { $0.accounts.contains(account) } }

    func contains(_ campaign: String, of account: Account) -> Bool {
        state.withLock { $0.campaigns.contains(CampaignKey(account: account, campaign: campaign)) }
    }

    /// Records that a campaign failed, and logs it the first time.
    func record(_ error: APIError, of campaign: String, in account: Account) {
        let key = CampaignKey(account: account, campaign: campaign)
        guard state.withLock({ $0.campaigns.insert(key).inserted }) else { return }
        log.error(
            "campaign is not backfilled",
            [
                "provider": account.provider, "account": account.name, "campaign": campaign,
                "route": error.route ?? "-", "reason": error.text, "advice": error.advice,
            ]
        )
    }

    /// Records and logs that an account failed as a whole.
    func record(_ error: APIError, of account: Account) {
        state.withLock { $0.accounts.append(account) }
        log.error(
            "account is not backfilled",
            [
                "provider": account.provider, "account": account.name, "route": error.route ?? "-",
                "reason": error.text, "advice": error.advice,
            ]
        )
    }

    /// What is left out: `account acme and 5 campaigns (c1, c2, c3 and 2 more)`.
    var summary: String {
        let (accounts, campaigns) = state.withLock { ($0.accounts.sorted(), $0.campaigns) }
        let ids = campaigns.sorted { ($0.account, $0.campaign) < ($1.account, $1.campaign) }.map(\.campaign)
        return [
            Self.text("account", accounts.map(\.name)),
            Self.text("campaign", ids.map { $0.needsQuotes ? $0.inQuotes : $0 }),
        ].compactMap(\.self).joined(separator: " and ")
    }

    private static func text(_ noun: String, _ names: [String]) -> String? {
        guard names.count > 1 else { return names.first.map { "\(noun) \($0)" } }
        let rest = names.count - maxNames
        let first = names.prefix(maxNames).joined(separator: ", ")
        return "\(names.count) \(noun)s (\(first)\(rest > 0 ? " and \(rest) more" : ""))"
    }
}
