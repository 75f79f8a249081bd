// SPDX-License-Identifier: Apache-2.0

internal import Configuration

/// What the file says about the collection of every account.
struct CollectionDefaults {
    /// The interval of accounts that set none.
    var interval = AccountSettings.defaultInterval
    /// The age from which data is dropped, if the file sets it.
    var maxStaleness: Duration?

    /// The intervals that make sense; a shorter one is `5ms` written for `5m`.
    static let intervals = Duration.seconds(1)...Duration.seconds(86_400)
    /// The ages that make sense.
    static let ages = Duration.seconds(1)...Duration.seconds(30 * 86_400)

    /// Reads the mapping `collection`.
    init(_ fields: Fields<SettingsKeys.Collection>?) {
        interval = fields?[.interval]?.duration(in: Self.intervals) ?? interval
        maxStaleness = fields?[.maxStaleness]?.duration(in: Self.ages)
        if let maxStaleness, maxStaleness < interval {
            fields?[.maxStaleness]?.complain(Self.tooShort(maxStaleness, for: interval))
        }
    }

    /// Says that data would vanish between two collections.
    static func tooShort(_ maxStaleness: Duration, for interval: Duration) -> String {
        "data would be dropped after \(maxStaleness.text), before the next collection after \(interval.text): "
            + "set max_staleness to at least the interval"
    }
}
