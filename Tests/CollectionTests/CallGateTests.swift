// SPDX-License-Identifier: Apache-2.0

import Exposition
import Outreach
import Synchronization
import TestSupport
import Testing

@testable import Collection

@Suite struct CallGateTests {
    private static func site(
        _ clock: TestClock,
        rate: Double = 100,
        slots: Int = 4,
        total: Int = 64,
        deadline: Duration = .seconds(1200)
    ) -> Site {
        Site(clock, rate: rate, slots: slots, total: total, deadline: deadline)
    }

    /// A gate of one account, with everything that it needs in sight.
    private final class Site: Sendable {
        let stage: Stage
        let clock: TestClock
        let circuit = CircuitBreaker()
        let limiter: RateLimiter
        let gate: RequestGate
        let account = Account(provider: "instantly", name: "acme")
        let attempts = Mutex<[Duration]>([])

        init(_ clock: TestClock, rate: Double, slots: Int, total: Int, deadline: Duration) {
            self.clock = clock
            stage = Stage(clock, totalRequests: total)
            limiter = RateLimiter(rate: rate, burst: rate, clock: clock)
            circuit.close(until: clock.now + deadline)
            stage.environment.records.add(account, interval: .seconds(300))
            gate = RequestGate(
                Passage(
                    account: account,
                    limiter: limiter,
                    slots: AsyncSemaphore(slots),
                    total: stage.environment.total,
                    circuit: circuit,
                    environment: stage.environment
                )
            )
        }

        var counters: AccountCounters { stage.environment.records[account]?.counters ?? AccountCounters() }
        var attemptCount: Int { attempts.withLock { $0.count } }

        /// Calls; every attempt takes a tenth of a second and has the outcome told by its number, from 0.
        func call(_ outcome: @Sendable (Int) -> APIError? = { _ in nil }) async throws(APIError) -> APIResponse {
            try await gate.call("/x") { () async throws(APIError) in
                let number = attempts.withLock { attempts in
                    attempts.append(clock.elapsed)
                    return attempts.count - 1
                }
                try await clock.wait(until: clock.now + .milliseconds(100))
                if let failure = outcome(number) { throw failure }
                return APIResponse(body: [])
            }
        }
    }

    @Test(
        "What can heal is tried five times in all",
        arguments: [
            APIError.throttled(retryAfter: nil), .unavailable(status: 502, retryAfter: nil), .timedOut,
            .unreachable(reason: "no route"),
        ]
    )
    func retries(failure: APIError) async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock)
            await #expect(throws: failure) { try await site.call { _ in failure } }
            #expect(site.attemptCount == 5)
            #expect(site.counters.retries == [failure.retryReason ?? "": 4])
            #expect(site.counters.requests == ["/x": [failure.code: 5]])
            #expect(site.counters.durations["/x"]?.count == 5)
        }
    }

    @Test(
        "What cannot heal is tried once",
        arguments: [
            APIError.refused(status: 401, advice: "x"), .gone, .rejected(status: 422, reason: "x"),
            .invalid(status: 200, reason: "x"),
        ]
    )
    func noRetries(failure: APIError) async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock)
            await #expect(throws: failure) { try await site.call { _ in failure } }
            #expect(site.attemptCount == 1)
            #expect(site.counters.retries.isEmpty)
        }
    }

    @Test("A success behind failures is a success")
    func heals() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock)
            _ = try await site.call { $0 < 2 ? .timedOut : nil }
            #expect(site.counters.requests == ["/x": ["200": 1, "error": 2]])
        }
    }

    @Test("The provider's wait wins over the own one, on 429 and 503 only")
    func retryAfter() async throws {
        for (failure, isHonoured) in [
            (APIError.throttled(retryAfter: .seconds(40)), true),
            (.unavailable(status: 503, retryAfter: .seconds(40)), true),
            (.unavailable(status: 502, retryAfter: .seconds(40)), false),
        ] {
            try await Simulation.run { clock in
                let site = Self.site(clock)
                _ = try await site.call { $0 == 0 ? failure : nil }
                #expect((clock.elapsed >= .seconds(40)) == isHonoured)
            }
        }
    }

    @Test("No retry starts behind the deadline of the cycle")
    func deadline() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, deadline: .seconds(30))
            let failure = APIError.unavailable(status: 503, retryAfter: .seconds(20))
            await #expect(throws: failure) { try await site.call { _ in failure } }
            #expect(site.attemptCount == 2)
            #expect(clock.elapsed < .seconds(21))
        }
    }

    @Test("A pause beyond the deadline fails at once instead of waiting for nothing")
    func endlessPause() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, deadline: .seconds(30))
            site.limiter.slowDown(sent: clock.now, retryAfter: .seconds(60))
            await #expect(throws: APIError.throttled(retryAfter: .seconds(60))) { try await site.call() }
            #expect(site.attemptCount == 0)
            #expect(clock.elapsed == .zero)
        }
    }

    @Test("Behind a refusal nothing more is sent, and who waits fails at once with the same failure")
    func circuit() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, rate: 1, slots: 2)
            let refusal = APIError.refused(status: 401, advice: "renew it")
            let failures = await withTaskGroup(of: APIError?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do throws(APIError) {
                            _ = try await site.call { _ in refusal }
                            return nil
                        } catch { return error }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(failures == Array(repeating: refusal, count: 50))
            #expect(site.attemptCount == 1)
            #expect(clock.elapsed == .milliseconds(100))

            site.circuit.close(until: clock.now + .seconds(60))
            _ = try await site.call()
            #expect(site.attemptCount == 2)
        }
    }

    @Test(
        "No more requests at once than the account's slots, nor than all accounts' together",
        arguments: [(3, 64), (8, 2)]
    )
    func slots(own: Int, total: Int) async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, rate: 1000, slots: own, total: total)
            try await withThrowingTaskGroup { group in
                for _ in 0..<24 { group.addTask { _ = try await site.call() } }
                try await group.waitForAll()
            }
            #expect(clock.elapsed == .milliseconds(100) * (24 / min(own, total)))
        }
    }

    @Test("A request that waits before its retry leaves its slot to others")
    func backoffHoldsNoSlot() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, slots: 1)
            async let slow = site.call { $0 == 0 ? .unavailable(status: 503, retryAfter: .seconds(60)) : nil }
            try await clock.wait(until: clock.now + .seconds(1))
            _ = try await site.call()
            #expect(clock.elapsed < .seconds(2))
            _ = try await slow
        }
    }

    @Test("A storm of 429s ends with every call answered, at a lower pace, told once")
    func storm() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, rate: 20, slots: 8)
            let answered = Shared(0)
            await withTaskGroup { group in
                for _ in 0..<200 {
                    group.addTask {
                        let limited: @Sendable (Int) -> APIError? = {
                            $0 < 40 ? .throttled(retryAfter: .seconds(2)) : nil
                        }
                        if (try? await site.call(limited)) != nil { answered.withLock { $0 += 1 } }
                    }
                }
            }
            #expect(answered.withLock { $0 } == 200)
            #expect(site.counters.requests["/x"]?["429"] == 40)
            #expect(site.counters.retries["throttled"] == 40)
            #expect(site.counters.throttled > .zero)
            #expect(site.stage.events.kinds.count == 1)
        }
    }

    @Test("Cancelled calls send nothing, count nothing and leave every slot free")
    func cancellation() async throws {
        try await Simulation.run { clock in
            let site = Self.site(clock, rate: 4, slots: 2)
            await withTaskGroup { group in
                for _ in 0..<1000 { group.addTask { _ = try? await site.call() } }
                try? await clock.wait(until: clock.now + .milliseconds(50))
                group.cancelAll()
            }
            #expect(clock.elapsed == .milliseconds(50))
            #expect(site.attemptCount == 2)
            #expect(site.counters.requests.isEmpty)
            #expect(clock.sleeperCount == 0)
            async let first = site.call()
            async let second = site.call()
            _ = try await (first, second)
            #expect(clock.elapsed < .milliseconds(400))
        }
    }
}
