// SPDX-License-Identifier: Apache-2.0

/// A calendar day in UTC.
///
/// The arithmetic is Howard Hinnant's `days_from_civil` and `civil_from_days`: Backfill does without Foundation.
package struct Day: Sendable, Hashable, Strideable {
    /// Days since 1970-01-01.
    package let number: Int

    package init(number: Int) {
        self.number = number
    }

    /// The day that contains a time, in seconds since the epoch.
    package init(containing seconds: Double) {
        number = Int((seconds / Double(Self.seconds)).rounded(.down))
    }

    /// Parses `2026-01-31`, ignoring anything after it; `nil` if the text does not start with a date.
    package init?(_ text: some StringProtocol) {
        let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            1...9999 ~= year, 1...12 ~= month, 1...31 ~= day
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// The length of a day, in seconds.
    package static let seconds = 86_400

    /// The first instant, in seconds since the epoch.
    package var start: Int { number * Self.seconds }

    /// The last millisecond before it in ISO 8601: ends a range up to the day for an API that includes the end and for
    /// one that does not.
    package var lastInstantBefore: String { "\(advanced(by: -1))T23:59:59.999Z" }

    package func distance(to other: Day) -> Int { other.number - number }

    package func advanced(by days: Int) -> Day { Day(number: number + days) }
}

extension Day: CustomStringConvertible {
    /// The day as `2026-01-31`.
    package var description: String {
        let shifted = number + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fifth = (5 * dayOfYear + 2) / 153
        let month = fifth < 10 ? fifth + 3 : fifth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return [(year, 4), (month, 2), (dayOfYear - (153 * fifth + 2) / 5 + 1, 2)]
            .map { number, width in String(repeating: "0", count: max(0, width - String(number).count)) + "\(number)" }
            .joined(separator: "-")
    }
}
