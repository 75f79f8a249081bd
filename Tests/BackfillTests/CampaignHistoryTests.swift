// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Backfill

/// The walk backwards from today's total.
@Suite struct CampaignHistoryTests {
    private static let first = Day(number: 100)
    private static let days = first..<first.advanced(by: 4)

    @Test("Daily rows become totals that end in today's less what today had; a day without a row is one without events")
    func anchored() throws {
        let history = history(total: 50, counts: [0: 5, 2: 7, 4: 3])
        // 50 now, 47 when the last day ended, 40 before the third, 35 before the first.
        #expect(values(history) == [35, 40, 40, 47, 47])
        #expect(!history.isCorrected)
    }

    @Test("Steps with the same key count together, as on the page")
    func equalSteps() {
        let rows = [1256.0, 1019, 823].map { sent in
            var step = Step(key: Step.Key(step: "unknown", variant: "unknown"))
            step.measures[.messagesSent] = sent
            return step
        }
        let totals = CampaignTotals(steps: rows)
        #expect(totals.steps.map { $0.measures[.messagesSent] } == [3098])
    }

    @Test("Rows from before the past do not count")
    func earlier() {
        #expect(values(history(total: 50, counts: [-3: 30, 0: 5])) == [45, 50, 50, 50, 50])
    }

    @Test("Without any row the total stands all the time")
    func silent() {
        #expect(values(history(total: 50, counts: [:])) == [50, 50, 50, 50, 50])
    }

    @Test("Rows above the total never make it negative, and are told")
    func aboveTotal() {
        let history = history(total: 10, counts: [0: 5, 1: 8, 3: 1])
        #expect(values(history) == [0, 1, 9, 9, 10])
        #expect(history.isCorrected)
        #expect(history.start == 0)
    }

    @Test("A number that the total has and no row tells is left out")
    func untold() {
        var total = Measures<CampaignMeasure>()
        total[.messagesSent] = 9
        total[.opens] = 4
        var row = Measures<CampaignMeasure>()
        row[.messagesSent] = 2
        let history = CampaignHistory(Self.days, total: total, counts: [Self.first: row])
        #expect(history.series.keys.contains(.campaign(.messagesSent)))
        #expect(!history.series.keys.contains(.campaign(.opens)))
    }

    @Test("What a later total contradicts is lowered to it, so that nothing falls on the way")
    func settled() {
        var history = CampaignHistory()
        for (boundary, value) in [3.0, 9, 7, 8].enumerated() { history.record(totals(value), at: boundary) }
        history.makeMonotonic()
        #expect(values(history, boundaries: 4) == [3, 7, 7, 8])
        #expect(history.isCorrected)
    }

    @Test("A total that is first told later was zero before")
    func late() {
        var history = CampaignHistory()
        history.record(CampaignTotals(), at: 0)
        history.record(totals(6), at: 3)
        #expect(values(history, boundaries: 4) == [0, 0, 0, 6])
        #expect(history.start == 2)
    }

    @Test("Spans of days make one history, whichever was told first")
    func joined() {
        let spans = [[(0, 0.0), (2, 5)], [(2, 5.0), (4, 9), (5, 12)], [(5, 11.0), (7, 11), (8, 20)]]
            .map { StepSeries($0.map { .init(boundary: $0, value: $1) }) }
        let joined = StepSeries(joining: spans)
        #expect(joined == StepSeries(joining: spans.reversed()))
        #expect(joined.values(9) == [0, 0, 5, 5, 9, 11, 11, 11, 20])
        #expect(StepSeries(joining: [.one, .one]) == .one)
        #expect(spans[0].shifted(by: 30).changes.map(\.boundary) == [30, 32])
    }

    @Test("A batch is told of month by month, a single campaign at once")
    func spans() {
        let days = Self.first..<Self.first.advanced(by: 70)
        let fetch: HistoryPart.Fetch = { _, _, _ in [:] }
        #expect(HistoryPart("single", fetch: fetch).spans(of: days) == [days])
        let spans = HistoryPart("batch", batch: 2, fetch: fetch).spans(of: days)
        #expect(spans.map(\.count) == [30, 30, 10])
        #expect(spans.first?.lowerBound == days.lowerBound && spans.last?.upperBound == days.upperBound)
    }

    @Test("Gauges have no past")
    func gauges() {
        var measures = Measures<CampaignMeasure>()
        measures[.leads] = 3
        measures[.createdTimestampSeconds] = 4
        #expect(CampaignTotals(measures) == CampaignTotals())
    }

    private func history(total: Double, counts: [Int: Double]) -> CampaignHistory {
        CampaignHistory(
            Self.days,
            total: totals(total).measures,
            counts: Dictionary(
                uniqueKeysWithValues: counts.map { (Self.first.advanced(by: $0), totals($1).measures) }
            )
        )
    }

    private func values(_ history: CampaignHistory, boundaries: Int = 5) -> [Double] {
        history.series[.campaign(.messagesSent)]?.values(boundaries) ?? []
    }
}

/// Totals of messages sent alone.
func totals(_ sent: Double) -> CampaignTotals {
    var measures = Measures<CampaignMeasure>()
    measures[.messagesSent] = sent
    return CampaignTotals(measures)
}

extension StepSeries {
    /// The total at each of so many boundaries.
    func values(_ count: Int) -> [Double] {
        (0..<count).map { boundary in changes.last { $0.boundary <= boundary }?.value ?? changes.first?.value ?? .nan }
    }
}
