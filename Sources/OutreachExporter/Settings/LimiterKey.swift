// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Providers

/// What accounts have in common that share a provider's rate limit: the key, and where it is sent.
struct LimiterKey: Sendable, Hashable {
    private let provider: String
    private let baseURL: String
    private let key: Secret

    /// The limit that an account is under.
    init(of account: AccountSettings) {
        provider = account.source.account.provider
        baseURL = account.source.baseURL
        key = account.source.key
    }
}

extension Settings {
    /// The accounts by the limit they share.
    var accountsByLimiter: [LimiterKey: [AccountSettings]] {
        Dictionary(grouping: accounts, by: LimiterKey.init)
    }
}
