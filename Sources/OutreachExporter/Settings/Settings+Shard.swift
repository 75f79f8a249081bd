// SPDX-License-Identifier: Apache-2.0

internal import Collection

extension Settings {
    /// The accounts of one instance among several that read the same settings.
    ///
    /// Accounts that share a limit stay together, or else each instance would spend the whole limit.
    func share(of shard: Shard) -> Settings {
        var share = self
        let taken = accountsByLimiter.filter { shard.contains($0.value.map(\.name).min() ?? "") }
        share.accounts = accounts.filter { taken[LimiterKey(of: $0)] != nil }
        return share
    }
}
