// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Backfill

/// The walk backwards from today's total.
@Suite struct CampaignPastTests {
    private static let first = Day(number: 100)
    private static let days = first..<first.advanced(by: 4)

    @Test("Daily rows become totals that end in today's less what today had; a day without a row is one without events")
    func anchored() throws {
        let past = past(total: 50, rows: [0: 5, 2: 7, 4: 3])
        // 50 now, 47 when the last day ended, 40 before the third, 35 before the first.
        #expect(values(past) == [35, 40, 40, 47, 47])
        #expect(!past.isCorrected)
    }

    @Test("Rows from before the past do not count")
    func earlier() {
        #expect(values(past(total: 50, rows: [-3: 30, 0: 5])) == [45, 50, 50, 50, 50])
    }

    @Test("Without any row the total stands all the time")
    func silent() {
        #expect(values(past(total: 50, rows: [:])) == [50, 50, 50, 50, 50])
    }

    @Test("Rows above the total never make it negative, and are told")
    func aboveTotal() {
        let past = past(total: 10, rows: [0: 5, 1: 8, 3: 1])
        #expect(values(past) == [0, 1, 9, 9, 10])
        #expect(past.isCorrected)
        #expect(past.birth == 0)
    }

    @Test("A number that the total has and no row tells is left out")
    func untold() {
        var total = Measures<CampaignMeasure>()
        total[.messagesSent] = 9
        total[.opens] = 4
        var row = Measures<CampaignMeasure>()
        row[.messagesSent] = 2
        let past = CampaignHistory(Self.days, total: total, rows: [Self.first: row])
        #expect(past.tracks.keys.contains(.campaign(.messagesSent)))
        #expect(!past.tracks.keys.contains(.campaign(.opens)))
    }

    @Test("What a later total contradicts is lowered to it, so that nothing falls on the way")
    func settled() {
        var past = CampaignHistory()
        for (boundary, value) in [3.0, 9, 7, 8].enumerated() { past.note(totals(value), at: boundary) }
        past.settle()
        #expect(values(past, boundaries: 4) == [3, 7, 7, 8])
        #expect(past.isCorrected)
    }

    @Test("A total that is first told later was zero before")
    func late() {
        var past = CampaignHistory()
        past.note(Totals(), at: 0)
        past.note(totals(6), at: 3)
        #expect(values(past, boundaries: 4) == [0, 0, 0, 6])
        #expect(past.birth == 2)
    }

    @Test("Spans of days make one past, whichever was told first")
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
        let tell:
            @Sendable (_: [String], _: Range<Day>, _: @escaping @Sendable (Int) -> Void) async throws(APIError)
                -> [String: CampaignHistory] = { _, _, _ in [:] }
        #expect(HistoryPart("single", tell: tell).spans(of: days) == [days])
        let spans = HistoryPart("batch", batch: 2, tell: tell).spans(of: days)
        #expect(spans.map(\.count) == [30, 30, 10])
        #expect(spans.first?.lowerBound == days.lowerBound && spans.last?.upperBound == days.upperBound)
    }

    @Test("Gauges have no past")
    func gauges() {
        var measures = Measures<CampaignMeasure>()
        measures[.leads] = 3
        measures[.createdTimestampSeconds] = 4
        #expect(Totals(measures) == Totals())
    }

    private func past(total: Double, rows: [Int: Double]) -> CampaignHistory {
        CampaignHistory(
            Self.days,
            total: totals(total).measures,
            rows: Dictionary(
                uniqueKeysWithValues: rows.map { (Self.first.advanced(by: $0), totals($1).measures) }
            )
        )
    }

    private func values(_ past: CampaignHistory, boundaries: Int = 5) -> [Double] {
        past.tracks[.campaign(.messagesSent)]?.values(boundaries) ?? []
    }
}

/// Totals of messages sent alone.
func totals(_ sent: Double) -> Totals {
    var measures = Measures<CampaignMeasure>()
    measures[.messagesSent] = sent
    return Totals(measures)
}

extension StepSeries {
    /// The total at each of so many boundaries.
    func values(_ count: Int) -> [Double] {
        (0..<count).map { boundary in changes.last { $0.boundary <= boundary }?.value ?? changes.first?.value ?? .nan }
    }
}
