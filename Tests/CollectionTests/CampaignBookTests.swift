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

    private func book(_ rows: [ListedCampaign]) -> CampaignTracker {
        var book = CampaignTracker()
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

    @Test("A campaign is looked at again at twice the time with every fetch that brought no news")
    func quiet() throws {
        var book = book([row("a")])
        var fetches: [Int] = []
        for cycle in 0...50 {
            let now = start + .seconds(300 * cycle)
            guard policy.isDue(try #require(book.campaigns["a"]), at: now) else { continue }
            fetches.append(cycle)
            // It moves until the third cycle, and once in the thirty-fourth.
            book.complete("a", with: .success(.sent(Double(min(cycle, 3) + cycle / 34), id: "a")), at: now)
        }
        #expect(fetches == [0, 1, 2, 3, 4, 6, 10, 18, 30, 42, 43, 45, 49])
    }

    @Test("The hourly refresh is spread evenly: each cycle the oldest, and none grows older than an hour")
    func turns() {
        let ids = (0..<300).map { "c\(100 + $0)" }
        var book = book(ids.map { row($0) })
        for cycle in 0...60 {
            let now = start + .seconds(300 * cycle)
            let due = book.due(policy, at: now)
            if cycle > 24 { #expect(due.count == 28) }
            #expect(book.campaigns.values.allSatisfy { $0.detail.map { now - $0.fetched <= .seconds(3600) } ?? true })
            for id in due { book.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
    }

    @Test("Those that change in every cycle take no turn from the others")
    func busy() {
        let ids = (0..<300).map { "c\(100 + $0)" }
        var book = book(ids.map { row($0) })
        for cycle in 0...60 {
            let now = start + .seconds(300 * cycle)
            book.list(ids.map { row($0, $0 < "c160" ? Double(cycle) : 0) }, at: now, confirmsDetail: true)
            let due = book.due(policy, at: now)
            if cycle > 24 { #expect(due.count == 60 + 28) }
            for id in due { book.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
    }

    @Test("A look at its group counts as a look, and one that found movement makes due")
    func groups() {
        let policy = DetailPolicy(listingShowsChange: true, looksAtGroups: true, interval: .seconds(300))
        let ids = (0..<600).map { "c\(100 + $0)" }
        var book = book(ids.map { row($0) })
        for id in ids { book.complete(id, with: .success(Campaign(id: id)), at: start) }
        for cycle in 1...10 {
            let now = start + .seconds(300 * cycle)
            #expect(book.currentDetails.map(\.id).sorted() == ids)
            // Those that have been quiet for equally long lie beside each other.
            if cycle > 2 { #expect(book.currentDetails.first?.id == "c300") }
            book.noteLook(unmoved: ids.filter { $0 != "c300" }, moved: ["c300"], at: now)
            let due = book.due(policy, at: now)
            #expect(due.count == 4 && due.contains("c300"))
            for id in due { book.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
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
