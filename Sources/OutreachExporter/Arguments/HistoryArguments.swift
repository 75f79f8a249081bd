// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import History

/// What the command line says about the past to write.
struct HistoryArguments: Sendable, Hashable {
    /// A label that the scrape adds to every series.
    struct Label: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// The time from one sample of a series to the next, in seconds: a part of the day that divides it.
    struct Spacing: Sendable, Hashable {
        let seconds: Int
    }

    /// The first day.
    var since: Day?
    /// The last day; `nil` is yesterday.
    var until: Day?
    /// The names of the accounts; none is all.
    var accounts: [String] = []
    /// Whether the totals of steps are wanted.
    var steps = false
    /// Labels that the scrape adds.
    var labels: [Label] = []
    /// The time between samples.
    var spacing = Spacing(seconds: 3600)
    /// The file to write.
    var output: String?
}

extension Day: FlagValue {
    static var expected: String { "a day: 2026-01-31" }

    init?(flagText: String) {
        guard let day = CalendarDay(flagText) else { return nil }
        self.init(day.text)
    }

    var flagText: String { description }
}

extension HistoryArguments.Label: FlagValue {
    static var expected: String { "a label of the scrape: job=outreach" }

    init?(flagText: String) {
        let parts = flagText.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil,
            !["provider", "account", "campaign", "sequence", "step", "variant"].contains(parts[0])
        else { return nil }
        self.init(name: String(parts[0]), value: String(parts[1]))
    }

    var flagText: String { "\(name)=\(value)" }
}

extension HistoryArguments.Spacing: FlagValue {
    static var expected: String { "a duration that divides a day: 5m, 1h, 24h" }

    init?(flagText: String) {
        guard let duration = Duration(text: flagText), duration > .zero, .seconds(Day.seconds) >= duration,
            case (let seconds, 0) = duration.components, Day.seconds % Int(seconds) == 0
        else { return nil }
        self.init(seconds: Int(seconds))
    }

    var flagText: String { Duration.seconds(seconds).text }
}
