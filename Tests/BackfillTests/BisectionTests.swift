// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Synchronization
import Testing

@testable import Backfill

/// CampaignTotals asked for day by day, and only where it is not known already.
@Suite(.timeLimit(.minutes(30))) struct BisectionTests {
    private static let days = Day(number: 100)..<Day(number: 464)

    @Test("Every day on which something happened is found, in few calls")
    func quiet() async throws {
        let provider = Provider(["a": [103: 5, 104: 1, 300: 2], "b": [:], "c": [99: 4, 463: 1]])
        let histories = try await provider.histories(["a", "b", "c"], Self.days)
        for (id, history) in histories {
            let expected = (100...464).map { provider.total(id, until: Day(number: $0)) }
            #expect(history.series[.campaign(.messagesSent)]?.values(365) == expected)
        }
        #expect(histories.count == 3)
        // Four days with events, each found in at most nine halvings.
        #expect(provider.calls.count <= 2 + 4 * 9)
        #expect(provider.calls.dropFirst(2).allSatisfy { !$0.campaigns.contains("b") })
        #expect(provider.advanced == 3 * 364)
    }

    @Test("A campaign that counts every day costs one call a day, shared with all others of its batch")
    func busy() async throws {
        let everyDay = Dictionary(uniqueKeysWithValues: (100..<464).map { ($0, 1.0) })
        let provider = Provider(["a": everyDay, "b": everyDay, "c": [:]])
        _ = try await provider.histories(["a", "b", "c"], Self.days)
        #expect(provider.calls.count == 365)
        #expect(Set(provider.calls.map(\.day)).count == 365)
    }

    @Test("A campaign that is missing in an answer has failed, the others go on")
    func missing() async throws {
        let provider = Provider(["a": [150: 1, 151: 1], "b": [150: 1, 460: 1]], failing: ("b", after: 3))
        let results = try await provider.results(["a", "b"], Self.days)
        let error = APIError.invalid(status: 200, reason: "the campaign is missing in the response")
        #expect(results.compactMapValues(\.error) == ["b": error])
        #expect(try results["a"]?.get().series[.campaign(.messagesSent)]?.changes.count == 3)
    }

    @Test(
        "A request that fails is split until the campaign is found, which is not asked about again",
        arguments: 0...12
    )
    func partial(after calls: Int) async throws {
        let error = APIError.unavailable(status: 500, retryAfter: nil)
        let sent = ["a": [150: 1, 151: 1], "b": [150: 1, 460: 1], "c": [150: 2]] as [String: [Int: Double]]
        let provider = Provider(sent, failing: ("b", after: calls), error: error)
        let results = try await provider.results(["a", "b", "c"], Self.days)
        #expect(results.compactMapValues(\.error) == ["b": error])
        #expect(try results["a"]?.get().series[.campaign(.messagesSent)]?.changes.count == 3)
        #expect(results["c"] != nil)
        #expect(provider.calls.dropFirst(calls).count { $0.campaigns.contains("b") } <= 3)
    }

    @Test("An error of the connection is one of all campaigns, without further requests")
    func unreachable() async throws {
        let sent = ["a": [150: 1.0], "b": [150: 1.0]]
        let provider = Provider(sent, failing: ("b", after: 0), error: .unreachable(reason: ""))
        let results = try await provider.results(["a", "b"], Self.days)
        #expect(results.compactMapValues(\.error).count == 2)
        #expect(provider.calls.count == 1)
    }

    @Test("A cancelled call ends all")
    func failure() async {
        let bisection = Bisection(Self.days, advance: { _ in }) { _, _ throws(APIError) in throw .cancelled }
        await #expect(throws: APIError.cancelled) { try await bisection.histories(of: ["a"]) }
    }
}

/// A provider with events on known days.
private final class Provider: Sendable {
    struct Call: Sendable {
        let day: Day
        let campaigns: [String]
    }

    private let events: [String: [Int: Double]]
    private let failing: (campaign: String, after: Int)?
    private let error: APIError?
    private let state = Mutex<(calls: [Call], advanced: Int)>(([], 0))

    /// Without an error the campaign that fails is missing in the responses.
    init(_ events: [String: [Int: Double]], failing: (String, after: Int)? = nil, error: APIError? = nil) {
        self.events = events
        self.error = error
        self.failing = failing.map { ($0.0, $0.after) }
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var advanced: Int { state.withLock { $0.advanced } }

    func total(_ id: String, until day: Day) -> Double {
        events[id, default: [:]].reduce(0) { $1.key < day.number ? $0 + $1.value : $0 }
    }

    func histories(_ ids: [String], _ days: Range<Day>) async throws -> [String: CampaignHistory] {
        try await results(ids, days).mapValues { try $0.get() }
    }

    func results(_ ids: [String], _ days: Range<Day>) async throws -> [String: Result<CampaignHistory, APIError>] {
        try await Bisection(days, advance: { days in self.state.withLock { $0.advanced += days } }) {
            day,
            ids throws(APIError) in
            try self.totals(day, ids).mapValues { .success($0) }
        }
        .histories(of: ids)
    }

    private func totals(_ day: Day, _ ids: [String]) throws(APIError) -> [String: CampaignTotals] {
        let number = state.withLock { state in
            state.calls.append(Call(day: day, campaigns: ids))
            return state.calls.count
        }
        let found = ids.filter { id in failing.map { $0.campaign != id || number <= $0.after } ?? true }
        if let error, found.count < ids.count { throw error }
        return Dictionary(uniqueKeysWithValues: found.map { ($0, BackfillTests.totals(total($0, until: day))) })
    }
}
