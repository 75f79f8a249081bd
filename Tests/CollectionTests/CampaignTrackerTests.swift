// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import Collection

@Suite struct CampaignTrackerTests {
    private let start = ContinuousClock.now
    private let policy = DetailPolicy(listingShowsChange: true, interval: .seconds(300))

    private func row(_ id: String, _ sent: Double = 1, revision: String = "") -> ListedCampaign {
        ListedCampaign(.sent(sent, id: id), revision: revision)
    }

    private func tracker(_ rows: [ListedCampaign]) -> CampaignTracker {
        var tracker = CampaignTracker()
        tracker.list(rows, at: start, confirmsDetail: true)
        return tracker
    }

    @Test("New campaigns are due, fetched ones are not until their row changes, in whatever it tells")
    func change() {
        var tracker = tracker([row("a"), row("b")])
        #expect(tracker.due(policy, at: start) == ["a", "b"])
        tracker.complete("a", with: .success(Campaign(id: "a")), at: start)
        tracker.complete("b", with: .success(Campaign(id: "b")), at: start)
        #expect(tracker.due(policy, at: start).isEmpty)
        tracker.list([row("a", 2), row("b", revision: "1"), row("c")], at: start, confirmsDetail: true)
        #expect(tracker.due(policy, at: start) == ["c", "a", "b"])
    }

    @Test("The check interval doubles with every fetch that finds no change")
    func checkInterval() throws {
        var tracker = tracker([row("a")])
        var fetches: [Int] = []
        for cycle in 0...50 {
            let now = start + .seconds(300 * cycle)
            guard policy.isDue(try #require(tracker.campaigns["a"]), at: now) else { continue }
            fetches.append(cycle)
            // It changes until the third cycle, and once in the thirty-fourth.
            tracker.complete("a", with: .success(.sent(Double(min(cycle, 3) + cycle / 34), id: "a")), at: now)
        }
        #expect(fetches == [0, 1, 2, 3, 4, 6, 10, 18, 30, 42, 43, 45, 49])
    }

    @Test("The hourly refresh is spread evenly: each cycle the oldest, and none grows older than an hour")
    func refreshes() {
        let ids = (0..<300).map { "c\(100 + $0)" }
        var tracker = tracker(ids.map { row($0) })
        for cycle in 0...60 {
            let now = start + .seconds(300 * cycle)
            let due = tracker.due(policy, at: now)
            if cycle > 24 { #expect(due.count == 28) }
            #expect(
                tracker.campaigns.values.allSatisfy { $0.detail.map { now - $0.fetched <= .seconds(3600) } ?? true }
            )
            for id in due { tracker.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
    }

    @Test("Campaigns that change in every cycle do not delay the refresh of others")
    func busy() {
        let ids = (0..<300).map { "c\(100 + $0)" }
        var tracker = tracker(ids.map { row($0) })
        for cycle in 0...60 {
            let now = start + .seconds(300 * cycle)
            tracker.list(ids.map { row($0, $0 < "c160" ? Double(cycle) : 0) }, at: now, confirmsDetail: true)
            let due = tracker.due(policy, at: now)
            if cycle > 24 { #expect(due.count == 60 + 28) }
            for id in due { tracker.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
    }

    @Test("A probe counts as a check, and makes changed campaigns due")
    func groups() {
        let policy = DetailPolicy(listingShowsChange: true, probesGroups: true, interval: .seconds(300))
        let ids = (0..<600).map { "c\(100 + $0)" }
        var tracker = tracker(ids.map { row($0) })
        for id in ids { tracker.complete(id, with: .success(Campaign(id: id)), at: start) }
        for cycle in 1...10 {
            let now = start + .seconds(300 * cycle)
            #expect(tracker.currentDetails.map(\.id).sorted() == ids)
            // Campaigns that have been unchanged for equally long are neighbours.
            if cycle > 2 { #expect(tracker.currentDetails.first?.id == "c300") }
            tracker.recordProbe(unchanged: ids.filter { $0 != "c300" }, changed: ["c300"], at: now)
            let due = tracker.due(policy, at: now)
            #expect(due.count == 4 && due.contains("c300"))
            for id in due { tracker.complete(id, with: .success(Campaign(id: id)), at: now) }
        }
    }

    @Test("A failed campaign is due again; a cancelled request is not a failure")
    func failure() {
        var tracker = tracker([row("a"), row("b")])
        for id in ["a", "b"] { tracker.complete(id, with: .success(Campaign(id: id)), at: start) }
        tracker.complete("a", with: .failure(.timedOut), at: start)
        tracker.complete("b", with: .failure(.cancelled), at: start)
        #expect(tracker.due(policy, at: start) == ["a"])
        #expect(tracker.failures.map(\.error) == [.timedOut])
    }

    @Test("Where the listing shows no change, every campaign is due, the oldest detail first")
    func noChangeShown() {
        let policy = DetailPolicy(listingShowsChange: false, interval: .seconds(300))
        var tracker = tracker([row("a"), row("b"), row("c")])
        tracker.complete("a", with: .success(Campaign(id: "a")), at: start + .seconds(2))
        tracker.complete("b", with: .success(Campaign(id: "b")), at: start + .seconds(1))
        #expect(tracker.due(policy, at: start + .seconds(3)) == ["c", "b", "a"])
    }

    @Test("Only absence from a complete listing removes a campaign")
    func absence() {
        var tracker = tracker([row("a"), row("b")])
        tracker.list([row("b")], at: start, confirmsDetail: true)
        #expect(tracker.campaigns(trueSince: start - .seconds(1)).map(\.id) == ["b"])
    }

    @Test("Where row and detail tell the same number, the later one counts")
    func overlap() throws {
        var tracker = tracker([row("a", 10)])
        var detail = Campaign.sent(11, id: "a")
        detail.measures[.opens] = 5
        tracker.complete("a", with: .success(detail), at: start)
        let past = start - .seconds(1)
        #expect(tracker.campaigns(trueSince: past)[0].measures[.messagesSent] == 11)
        tracker.list([row("a", 12)], at: start + .seconds(300), confirmsDetail: true)
        let campaign = tracker.campaigns(trueSince: past)[0]
        #expect(campaign.measures[.messagesSent] == 12)
        #expect(campaign.measures[.opens] == 5)
    }

    @Test("An unchanged row confirms a detail, a changed one does not")
    func confirmation() {
        var tracker = tracker([row("a"), row("b")])
        var detail = Measures<CampaignMeasure>()
        detail[.opens] = 5
        for id in ["a", "b"] { tracker.complete(id, with: .success(Campaign(id: id, measures: detail)), at: start) }
        let later = start + .seconds(300)
        tracker.list([row("a"), row("b", 2)], at: later, confirmsDetail: true)
        let shown = tracker.campaigns(trueSince: start).sorted { $0.id < $1.id }
        #expect(shown.map { $0.measures[.opens] } == [5, nil])
        #expect(tracker.hasDetails(notTrueSince: start))
        #expect(tracker.campaigns(trueSince: later).isEmpty)
    }

    @Test("Within the limit known campaigns come first, whatever the order of the listing")
    func selection() {
        let rows = [row("d"), row("a"), row("c"), row("b")]
        let selection = ListingSelection(
            rows,
            limit: 2,
            isKnown: { ["b", "c"].contains($0) },
            selects: { $0.id != "a" }
        )
        #expect(selection.kept.map(\.campaign.id) == ["c", "b"])
        #expect(selection.dropped.map(\.campaign.id) == ["d"])
        #expect(selection.droppedSeries == 3)
    }
}

@Suite struct DetailPolicyTests {
    private let policy = DetailPolicy(listingShowsChange: true, interval: .seconds(300))

    @Test(
        "The check interval doubles, up to an hour",
        arguments: [(0, 150), (1, 450), (2, 1050), (3, 2250), (4, 3300), (5, 3300), (10_000, 3300)]
    )
    func checkInterval(unchangedChecks: Int, seconds: Int) {
        #expect(policy.checkInterval(unchangedChecks: unchangedChecks) == .seconds(seconds))
    }

    @Test("With an interval of an hour or more every campaign is due in every cycle", arguments: [3600, 7200])
    func longInterval(seconds: Int) {
        let policy = DetailPolicy(listingShowsChange: true, interval: .seconds(seconds))
        #expect(policy.checkInterval(unchangedChecks: 10) <= .zero)
        #expect(policy.refreshCount(of: 70) == 70)
    }

    @Test(
        "Refreshes cover all campaigns in an hour, in a day with probes, and in every cycle up to 25 campaigns",
        arguments: [(0, 0, 0), (1, 1, 1), (20, 20, 1), (200, 25, 1), (2_000, 182, 7), (5_000, 455, 18)]
    )
    func refreshCount(campaigns: Int, hourly: Int, daily: Int) {
        let groups = DetailPolicy(listingShowsChange: true, probesGroups: true, interval: .seconds(300))
        #expect(policy.refreshCount(of: campaigns) == hourly)
        #expect(groups.refreshCount(of: campaigns) == daily)
    }
}
