// SPDX-License-Identifier: Apache-2.0

import Exposition
import Outreach
import Testing

@testable import Backfill

/// The journal of what has been fetched.
@Suite struct JournalTests {
    private static let account = Account(provider: "instantly", name: "a \"b\"\nc")
    private static let campaigns = ["c1", "c2"].map { CampaignHistory.labels(of: $0, account) }

    @Test("A line reads as what was written")
    func roundTrip() throws {
        let records: [JournalRecord] = [
            .series(family: 17, labels: Array(#"a="x y",b="1:2,3""#.utf8), StepSeries([.init(boundary: 0, value: 0)])),
            .series(
                family: 3,
                labels: [],
                StepSeries([.init(boundary: 2, value: 5), .init(boundary: 364, value: 1e15)])
            ),
            .commit(.init(part: "daily", campaign: Array(#"campaign="c d""#.utf8), start: nil, isCorrected: true)),
            .commit(.init(part: "steps", campaign: [], start: 12, isCorrected: false)),
        ]
        for record in records { #expect(JournalRecord(record.bytes) == record) }
    }

    @Test(
        "Anything else is no line",
        arguments: ["", "s", "s 1 0:1", "s 999 0:1 a", "s 1 0 a", "s 1 0:x a", "s 1  a", "e daily 1 1", "x 1 2 3 4"]
    )
    func nonsense(_ text: String) {
        #expect(JournalRecord(Array(text.utf8)) == nil)
    }

    @Test("What no seal stands behind is not there, wherever the writing broke off")
    func torn() {
        let whole = lines("c1", 5) + lines("c2", 7)
        let committed = lines("c1", 5).count
        for length in committed..<whole.count {
            var index = JournalIndex(campaigns: Self.campaigns, from: 10)
            _ = index.read(Array(whole.prefix(length)), at: 10)
            #expect(index.end == 10 + committed)
            #expect(index.contains("daily", of: Self.campaigns[0]))
            #expect(!index.contains("daily", of: Self.campaigns[1]))
            #expect(!index.contains("steps", of: Self.campaigns[0]))
        }
    }

    @Test("The rest of a broken line does not become part of what follows")
    func rest() {
        var index = JournalIndex(campaigns: Self.campaigns, from: 0)
        let line = lines("c1", 5).split(separator: UInt8(ascii: "\n"))[0] + [UInt8(ascii: "\n")]
        _ = index.read(Array(line), at: 0)
        index.discardUncommitted()
        _ = index.read(lines("c2", 7), at: index.end)
        #expect(index.entries(of: Self.sent).map(\.campaign) == [1])
    }

    @Test("Series stand in the order of the page, whichever came first; campaigns no longer listed are left out")
    func order() {
        var index = JournalIndex(campaigns: Self.campaigns, from: 0)
        let lines = lines("c2", 7) + lines("gone", 9) + lines("c1", 5)
        #expect(index.read(lines, at: 0) == lines.count)
        #expect(index.entries(of: Self.sent).map(\.campaign) == [0, 1])
        #expect(index.entries(of: BackfillFamilies.campaignInfo).isEmpty)
        #expect(index.start(of: 0) == 22)
        #expect(index.correctedCount == 0)
    }

    private static let sent = BackfillFamilies.index(of: .campaign(.messagesSent))

    private func lines(_ campaign: String, _ value: Double) -> [UInt8] {
        var history = CampaignHistory()
        history.record(totals(0), at: 0)
        history.record(totals(value), at: 3)
        return history.journalLines(part: "daily", campaign: campaign, of: Self.account, offset: 20)
    }
}
