// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Providers

/// What accounts have in common that share a provider's rate limit: the key, and where it is sent.
///
/// The description is different for different limits and holds of the key only a hash whose seed ends with the process.
struct LimiterKey: Sendable, Hashable, CustomStringConvertible {
    private let provider: String
    private let baseURL: String
    private let key: Secret

    /// The limit that an account is under.
    init(of account: AccountSettings) {
        provider = account.source.account.provider
        baseURL = account.source.baseURL
        key = account.source.key
    }

    var description: String { "\(provider) \(baseURL) \(String(UInt(bitPattern: key.hashValue), radix: 16))" }
}

extension Settings {
    /// The accounts by the limit they share.
    var accountsByLimiter: [LimiterKey: [AccountSettings]] {
        Dictionary(grouping: accounts, by: LimiterKey.init)
    }
}
