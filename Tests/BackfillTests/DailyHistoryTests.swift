// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Synchronization
import Testing

@testable import Backfill

/// Rows and total are two calls, between which a campaign may go on counting.
@Suite(.timeLimit(.minutes(30))) struct DailyHistoryTests {
    private static let days = Day(number: 100)..<Day(number: 103)

    @Test("A campaign that counts between the calls is asked again until nothing did")
    func race() async throws {
        // Messages sent today, as each call in turn finds them.
        let sentToday = Mutex<[Double]>([1, 2, 2, 3, 3, 3])
        let calls = Mutex(0)
        let history = try await history(
            sentToday: {
                calls.withLock { $0 += 1 }
                return sentToday.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            }
        )
        #expect(history?.series[.campaign(.messagesSent)]?.values(4) == [20, 25, 25, 25])
        #expect(calls.withLock { $0 } == 7)
    }

    @Test("A campaign without a row of today takes two calls")
    func quiet() async throws {
        let calls = Mutex(0)
        let history = try await history(
            sentToday: {
                calls.withLock { $0 += 1 }
                return 0
            }
        )
        #expect(history?.series[.campaign(.messagesSent)]?.values(4) == [20, 25, 25, 25])
        #expect(calls.withLock { $0 } == 2)
    }

    @Test("A campaign that never stands still gets its last answers")
    func restless() async throws {
        let sent = Mutex(0.0)
        let history = try await history(
            sentToday: {
                sent.withLock {
                    $0 += 1
                    return $0
                }
            }
        )
        #expect(history?.series[.campaign(.messagesSent)]?.values(4).last.map { abs($0 - 25) <= 1 } == true)
    }

    /// Twenty messages from before, five on the first day, then those of today.
    private func history(sentToday: @escaping @Sendable () -> Double) async throws -> CampaignHistory? {
        let daily = DailyHistory(Self.days, advance: { #expect($0 == 3) }) { _, day in
            #expect(day == Self.days.lowerBound)
            let today = sentToday()
            let counts = [Day(number: 100): totals(5).measures]
            return today == 0 ? counts : counts.merging([Day(number: 103): totals(today).measures]) { $1 }
        } total: { _ in
            totals(25 + sentToday()).measures
        }
        return try await daily.histories(of: ["a"])["a"]?.get()
    }

    @Test("A campaign that fails has its error, and the others their histories")
    func failure() async throws {
        let daily = DailyHistory(Self.days, advance: { _ in }) { campaign, _ throws(APIError) in
            guard campaign != "b" else { throw .gone }
            return [:]
        } total: { _ in
            totals(7).measures
        }
        let results = try await daily.histories(of: ["a", "b", "c"])
        #expect(results.compactMapValues(\.error) == ["b": .gone])
        #expect(results.keys.sorted() == ["a", "b", "c"])
    }

    @Test("An error that concerns the account ends all")
    func refusal() async {
        let daily = DailyHistory(Self.days, advance: { _ in }) { _, _ throws(APIError) in
            throw .refused(status: 401, advice: "")
        } total: { _ in
            totals(7).measures
        }
        await #expect(throws: APIError.refused(status: 401, advice: "")) { try await daily.histories(of: ["a"]) }
    }
}
