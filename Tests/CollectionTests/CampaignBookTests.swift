// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import Collection

@Suite struct CampaignBookTests {
    private let start = ContinuousClock.now
    private let policy = DetailPolicy(listingShowsChange: true, interval: .seconds(300))

    private func row(_ id: String, _ sent: Double = 1, revision: String = "") -> ListedCampaign {
        ListedCampaign(.sent(sent, id: id), revision: revision)
    }

    private func book(_ rows: [ListedCampaign]) -> CampaignBook {
        var book = CampaignBook()
        book.list(rows, at: start, confirmsDetail: true)
        return book
    }

    @Test("New campaigns are due, fetched ones are not until their row changes, in whatever it tells")
    func change() {
        var book = book([row("a"), row("b")])
        #expect(book.due(policy, at: start) == ["a", "b"])
        book.complete("a", with: .success(Campaign(id: "a")), at: start)
        book.complete("b", with: .success(Campaign(id: "b")), at: start)
        #expect(book.due(policy, at: start).isEmpty)
        book.list([row("a", 2), row("b", revision: "1"), row("c")], at: start, confirmsDetail: true)
        #expect(book.due(policy, at: start) == ["c", "a", "b"])
    }

    @Test("A detail is due before it can grow older than an hour")
    func age() throws {
        var book = book([row("a")])
        book.complete("a", with: .success(Campaign(id: "a")), at: start)
        let campaign = try #require(book.campaigns["a"])
        #expect(!policy.isDue(campaign, at: start + .seconds(3300)))
        #expect(policy.isDue(campaign, at: start + .seconds(3301)))
    }

    @Test("The hourly refresh is spread evenly: each cycle the oldest, and none grows older than an hour")
    func turns() {
        let ids = (0..<100).map { "c\(100 + $0)" }
        var book = book(ids.map { row($0) })
        for id in ids { book.complete(id, with: .success(Campaign(id: id)), at: start) }
        for cycle in 1...36 {
            let now = start + .seconds(300 * cycle)
            let due = book.due(policy, at: now)
            #expect(due.count == 10)
            #expect(book.campaigns.values.allSatisfy { $0.detail.map { now - $0.fetched <= .seconds(3600) } == true })
            for id in due { book.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
    }

    @Test("What changed counts against the turns, so that effort adds up to no more than needed")
    func changedFirst() {
        let ids = (0..<22).map { "c\(100 + $0)" }
        var book = book(ids.map { row($0) })
        for id in ids { book.complete(id, with: .success(Campaign(id: id)), at: start) }
        let later = start + .seconds(300)
        book.list(ids.map { row($0, $0 == "c121" ? 2 : 1) }, at: later, confirmsDetail: true)
        #expect(book.due(policy, at: later) == ["c121", "c100"])
        book.list(ids.map { row($0, $0 > "c117" ? 3 : 1) }, at: later, confirmsDetail: true)
        #expect(book.due(policy, at: later) == ["c118", "c119", "c120", "c121"])
    }

    @Test("With an interval of an hour or more every campaign has its turn in every cycle")
    func longInterval() {
        for interval in [3600, 7200] {
            #expect(DetailPolicy(listingShowsChange: true, interval: .seconds(interval)).turns(of: 7) == 7)
        }
        #expect(policy.turns(of: 0) == 0)
        #expect(policy.turns(of: 1) == 1)
    }

    @Test("A failed try makes due again, one given up does not count as a failure")
    func failure() {
        var book = book([row("a"), row("b")])
        for id in ["a", "b"] { book.complete(id, with: .success(Campaign(id: id)), at: start) }
        book.complete("a", with: .failure(.timedOut), at: start)
        book.complete("b", with: .failure(.cancelled), at: start)
        #expect(book.due(policy, at: start) == ["a"])
        #expect(book.failures == [.timedOut])
    }

    @Test("Where the listing shows no change, every campaign is due, the oldest detail first")
    func noChangeShown() {
        let policy = DetailPolicy(listingShowsChange: false, interval: .seconds(300))
        var book = book([row("a"), row("b"), row("c")])
        book.complete("a", with: .success(Campaign(id: "a")), at: start + .seconds(2))
        book.complete("b", with: .success(Campaign(id: "b")), at: start + .seconds(1))
        #expect(book.due(policy, at: start + .seconds(3)) == ["c", "b", "a"])
    }

    @Test("Only absence from a complete listing removes a campaign")
    func absence() {
        var book = book([row("a"), row("b")])
        book.list([row("b")], at: start, confirmsDetail: true)
        #expect(book.campaigns(trueSince: start - .seconds(1)).map(\.id) == ["b"])
    }

    @Test("Where row and detail tell the same number, the later one counts")
    func overlap() throws {
        var book = book([row("a", 10)])
        var detail = Campaign.sent(11, id: "a")
        detail.measures[.opens] = 5
        book.complete("a", with: .success(detail), at: start)
        let past = start - .seconds(1)
        #expect(book.campaigns(trueSince: past)[0].measures[.messagesSent] == 11)
        book.list([row("a", 12)], at: start + .seconds(300), confirmsDetail: true)
        let campaign = book.campaigns(trueSince: past)[0]
        #expect(campaign.measures[.messagesSent] == 12)
        #expect(campaign.measures[.opens] == 5)
    }

    @Test("An unchanged row confirms a detail, a changed one does not")
    func confirmation() {
        var book = book([row("a"), row("b")])
        var detail = Measures<CampaignMeasure>()
        detail[.opens] = 5
        for id in ["a", "b"] { book.complete(id, with: .success(Campaign(id: id, measures: detail)), at: start) }
        let later = start + .seconds(300)
        book.list([row("a"), row("b", 2)], at: later, confirmsDetail: true)
        let shown = book.campaigns(trueSince: start).sorted { $0.id < $1.id }
        #expect(shown.map { $0.measures[.opens] } == [5, nil])
        #expect(book.hasDetails(notTrueSince: start))
        #expect(book.campaigns(trueSince: later).isEmpty)
    }

    @Test("Within the limit known campaigns come first, whatever the order of the listing")
    func selection() {
        let rows = [row("d"), row("a"), row("c"), row("b")]
        let selection = Selection(rows, limit: 2, isKnown: { ["b", "c"].contains($0) }, selects: { $0.id != "a" })
        #expect(selection.kept.map(\.campaign.id) == ["c", "b"])
        #expect(selection.dropped.map(\.campaign.id) == ["d"])
        #expect(selection.droppedSeries == 3)
    }
}
