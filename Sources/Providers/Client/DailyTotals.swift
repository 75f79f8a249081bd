// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// Totals of counters that a provider reports per day alone.
///
/// A total is the sum of closed days, which the account's facts remember, and of open ones, which are requested again
/// because providers restate them.
struct DailyTotals<Measure: MeasureKey>: Sendable {
    /// The numbers of a subject, such as a mailbox, on one day.
    struct Row: Sendable {
        let subject: String
        let day: Day
        let measures: Measures<Measure>
    }

    /// The days that may still change, the current one included: restatements are known up to five days back.
    static var openDays: Int { 7 }

    private let table: FieldTable<Measure>
    private let facts: AccountFacts
    private let today: Day
    private let startDate: Day?

    /// Creates the totals of a route's counters.
    ///
    /// - Parameters:
    ///   - table: the counters per day.
    ///   - facts: remembers the sums of closed days.
    ///   - today: the current day in UTC.
    ///   - startDate: the first day that counts; without one it is the first day of the month of the first request, which
    ///     a restart without the facts finds again until the month is over.
    init(of table: FieldTable<Measure>, _ facts: AccountFacts, today: Day, startDate: String?) {
        self.table = table
        self.facts = facts
        self.today = today
        self.startDate = startDate.flatMap { Day($0) }
    }

    /// The first day whose rows are needed for the totals of all these subjects.
    func firstDay(of subjects: [String]) -> Day {
        subjects.map { closed($0).through.advanced(by: 1) }.min() ?? today
    }

    /// The totals of subjects, from all their rows since `firstDay`; of rows for the same day the last one counts.
    ///
    /// A day without a row is a day on which nothing happened. A counter that a row of a subject lacks has no total, and the
    /// subject's days stay open.
    func totals(of subjects: [String], _ rows: [Row]) -> [String: Measures<Measure>] {
        let known = table.fields.map(\.measure).filter { measure in
            rows.isEmpty || rows.contains { $0.measures[measure] != nil }
        }
        let days = Dictionary(grouping: rows, by: \.subject).mapValues { rows in
            Dictionary(rows.map { ($0.day, $0.measures) }) { _, last in last }
        }
        let totals = subjects.map { subject in
            var closed = closed(subject)
            let new = (days[subject] ?? [:]).filter { $0.key > closed.through }
            let told = known.filter { measure in new.values.allSatisfy { $0[measure] != nil } }
            let lastClosed = max(closed.through, today.advanced(by: -Self.openDays))
            for (day, measures) in new where day <= lastClosed { closed.sums.add(measures) }
            closed.through = lastClosed
            if told.count == table.fields.count { facts[factName(subject)] = closed.text(table.fields) }
            var total = closed.sums
            for (day, measures) in new where day > lastClosed { total.add(measures) }
            return (subject, total.filtered(told.contains))
        }
        return Dictionary(totals) { _, last in last }
    }

    func forgetAll(but subjects: [String]) {
        let kept = Set(subjects.map(factName))
        for name in facts.all.keys where name.hasPrefix(factName("")) && !kept.contains(name) { facts[name] = nil }
    }

    /// The days of a subject that are closed; none where nothing is remembered, another start date is configured, or the
    /// clock was set back.
    private func closed(_ subject: String) -> ClosedDays<Measure> {
        let remembered = facts[factName(subject)].flatMap { ClosedDays(text: $0, table.fields) }
        if let remembered, remembered.through < today, startDate.map({ $0 == remembered.first }) ?? true {
            return remembered
        }
        let first = startDate ?? today.firstOfMonth
        return ClosedDays(first: first, through: min(first, today).advanced(by: -1), table.fields)
    }

    private func factName(_ subject: String) -> String { "days \(table.route) \(subject)" }
}

/// The sums of a subject's counters over days that no longer change; as text part of the storage format:
/// `2026-11-01/2026-11-22 sent=100 bounced=3`.
struct ClosedDays<Measure: MeasureKey>: Sendable {
    /// The first day that counts.
    let first: Day
    /// The last closed day; the day before `first` if none is.
    var through: Day
    var sums = Measures<Measure>()

    init(first: Day, through: Day, _ fields: [MappedField<Measure>]) {
        self.first = first
        self.through = through
        for field in fields { sums[field.measure] = 0 }
    }

    /// Reads the text, `nil` if it is malformed; counters that it lacks are zero.
    init?(text: String, _ fields: [MappedField<Measure>]) {
        let words = text.split(separator: " ")
        let days = words.first?.split(separator: "/").compactMap { Day($0) } ?? []
        guard days.count == 2 else { return nil }
        self.init(first: days[0], through: days[1], fields)
        for word in words.dropFirst() {
            let pair = word.split(separator: "=")
            guard pair.count == 2, let value = Double(pair[1]) else { return nil }
            if let field = fields.first(where: { $0.name == pair[0] }) { sums[field.measure] = value }
        }
    }

    /// The text, with the counters under the names of their fields.
    func text(_ fields: [MappedField<Measure>]) -> String {
        let counters = fields.map { field in
            let value = sums[field.measure] ?? 0
            return "\(field.name)=\(Int(exactly: value).map(String.init) ?? String(value))"
        }
        return (["\(first)/\(through)"] + counters).joined(separator: " ")
    }
}

extension Day {
    fileprivate var firstOfMonth: Day { Day(description.prefix(8) + "01") ?? self }

    /// The spans of at most `length` days from this day to another one, in their order.
    func spans(of length: Int, through last: Day) -> [ClosedRange<Day>] {
        guard self <= last else { return [] }
        return stride(from: self, through: last, by: length).map { first in
            first...min(first.advanced(by: length - 1), last)
        }
    }
}
