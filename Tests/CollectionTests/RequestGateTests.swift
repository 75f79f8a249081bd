// SPDX-License-Identifier: Apache-2.0

import Exposition
import Outreach
import Synchronization
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct RequestGateTests {
    /// A gate with everything that it depends on.
    private final class GateFixture: Sendable {
        let fixture: CollectionFixture
        let clock: TestClock
        let circuit = CircuitBreaker()
        let limiter: RateLimiter
        let gate: RequestGate
        let account: Account
        let attempts = Mutex<[Duration]>([])

        init(
            _ clock: TestClock,
            rate: Double = 100,
            concurrency: Int = 4,
            total: Int = 64,
            deadline: Duration = .seconds(1200)
        ) {
            self.clock = clock
            fixture = CollectionFixture(clock, totalRequests: total)
            limiter = RateLimiter(rate: rate, burst: rate, clock: clock)
            circuit.close(until: clock.now + deadline)
            var plan = fixture.plan().plan
            plan.settings.concurrency = concurrency
            account = plan.account
            gate = RequestGate(of: plan, limiter: limiter, circuit: circuit, in: fixture.context)
        }

        var counters: AccountCounters { fixture.context.records[account]?.counters ?? AccountCounters() }
        var attemptCount: Int { attempts.withLock { $0.count } }

        /// Makes a call whose attempts take 100 ms and end as `outcome` says for the attempt's number, from 0.
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
        "A failure that may pass is tried five times",
        arguments: [
            APIError.throttled(retryAfter: nil), .unavailable(status: 502, retryAfter: nil), .timedOut,
            .unreachable(reason: "no route"),
        ]
    )
    func retries(failure: APIError) async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock)
            await #expect(throws: failure) { try await gate.call { _ in failure } }
            #expect(gate.attemptCount == 5)
            #expect(gate.counters.retries == [failure.retryReason ?? "": 4])
            #expect(gate.counters.requests == ["/x": [failure.code: 5]])
            #expect(gate.counters.durations["/x"]?.count == 5)
        }
    }

    @Test(
        "Any other failure is tried once",
        arguments: [
            APIError.refused(status: 401, advice: "x"), .gone, .rejected(status: 422, reason: "x"),
            .invalid(status: 200, reason: "x"),
        ]
    )
    func noRetries(failure: APIError) async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock)
            await #expect(throws: failure) { try await gate.call { _ in failure } }
            #expect(gate.attemptCount == 1)
            #expect(gate.counters.retries.isEmpty)
        }
    }

    @Test("A success after failures is a success")
    func heals() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock)
            _ = try await gate.call { $0 < 2 ? .timedOut : nil }
            #expect(gate.counters.requests == ["/x": ["200": 1, "error": 2]])
        }
    }

    @Test("Retry-After replaces the exporter's own wait, on 429 and 503 only")
    func retryAfter() async throws {
        for (failure, isHonoured) in [
            (APIError.throttled(retryAfter: .seconds(40)), true),
            (.unavailable(status: 503, retryAfter: .seconds(40)), true),
            (.unavailable(status: 502, retryAfter: .seconds(40)), false),
        ] {
            try await Simulation.run { clock in
                let gate = GateFixture(clock)
                _ = try await gate.call { $0 == 0 ? failure : nil }
                #expect((clock.elapsed >= .seconds(40)) == isHonoured)
            }
        }
    }

    @Test("No retry starts after the deadline of the cycle")
    func deadline() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, deadline: .seconds(30))
            let failure = APIError.unavailable(status: 503, retryAfter: .seconds(20))
            await #expect(throws: failure) { try await gate.call { _ in failure } }
            #expect(gate.attemptCount == 2)
            #expect(clock.elapsed < .seconds(21))
        }
    }

    @Test("A pause beyond the deadline fails at once instead of waiting for nothing")
    func endlessPause() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, deadline: .seconds(30))
            gate.limiter.slowDown(sent: clock.now, retryAfter: .seconds(60))
            await #expect(throws: APIError.throttled(retryAfter: .seconds(60))) { try await gate.call() }
            #expect(gate.attemptCount == 0)
            #expect(clock.elapsed == .zero)
        }
    }

    @Test("After a refusal nothing is sent, and waiting requests fail at once with the same error")
    func circuit() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, rate: 1, concurrency: 2)
            let refusal = APIError.refused(status: 401, advice: "renew it")
            let failures = await withTaskGroup(of: APIError?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do throws(APIError) {
                            _ = try await gate.call { _ in refusal }
                            return nil
                        } catch { return error }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(failures == Array(repeating: refusal, count: 50))
            #expect(gate.attemptCount == 1)
            #expect(clock.elapsed == .milliseconds(100))

            gate.circuit.close(until: clock.now + .seconds(60))
            _ = try await gate.call()
            #expect(gate.attemptCount == 2)
        }
    }

    @Test(
        "No more requests in flight than the account may have, nor than all accounts together",
        arguments: [(3, 64), (8, 2)]
    )
    func concurrency(own: Int, total: Int) async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, rate: 1000, concurrency: own, total: total)
            try await withThrowingTaskGroup { group in
                for _ in 0..<24 { group.addTask { _ = try await gate.call() } }
                try await group.waitForAll()
            }
            #expect(clock.elapsed == .milliseconds(100) * (24 / min(own, total)))
        }
    }

    @Test("A request that waits before its retry holds no permit")
    func backoffHoldsNoPermit() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, concurrency: 1)
            async let slow = gate.call { $0 == 0 ? .unavailable(status: 503, retryAfter: .seconds(60)) : nil }
            try await clock.wait(until: clock.now + .seconds(1))
            _ = try await gate.call()
            #expect(clock.elapsed < .seconds(2))
            _ = try await slow
        }
    }

    @Test("After many 429s every call is answered, at a lower rate, reported once")
    func manyThrottled() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, rate: 20, concurrency: 8)
            let answered = Shared(0)
            await withTaskGroup { group in
                for _ in 0..<200 {
                    group.addTask {
                        let limited: @Sendable (Int) -> APIError? = {
                            $0 < 40 ? .throttled(retryAfter: .seconds(2)) : nil
                        }
                        if (try? await gate.call(limited)) != nil { answered.withLock { $0 += 1 } }
                    }
                }
            }
            #expect(answered.withLock { $0 } == 200)
            #expect(gate.counters.requests["/x"]?["429"] == 40)
            #expect(gate.counters.retries["throttled"] == 40)
            #expect(gate.counters.throttled > .zero)
            #expect(gate.fixture.events.kinds.count == 1)
        }
    }

    @Test("Cancelled calls send nothing, count nothing and hold no permit")
    func cancellation() async throws {
        try await Simulation.run { clock in
            let gate = GateFixture(clock, rate: 4, concurrency: 2)
            await withTaskGroup { group in
                for _ in 0..<1000 { group.addTask { _ = try? await gate.call() } }
                try? await clock.wait(until: clock.now + .milliseconds(50))
                group.cancelAll()
            }
            #expect(clock.elapsed == .milliseconds(50))
            #expect(gate.attemptCount == 2)
            #expect(gate.counters.requests.isEmpty)
            #expect(clock.sleeperCount == 0)
            async let first = gate.call()
            async let second = gate.call()
            _ = try await (first, second)
            #expect(clock.elapsed < .milliseconds(400))
        }
    }

    @Test(
        "The limit of the wait before a retry doubles from 1 s to 30 s",
        arguments: [(1, 1), (2, 2), (3, 4), (5, 16), (9, 30)]
    )
    func backoff(retry: Int, seconds: Int) {
        #expect(Backoff.ceiling(retry: retry) == .seconds(seconds))
    }

    @Test("Of large bodies one at a time is decoded over all accounts, small ones do not wait")
    func decoding() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let plan = fixture.plan().plan
            let limiter = RateLimiter(rate: 8, burst: 1, clock: clock)
            let gate = RequestGate(of: plan, limiter: limiter, in: fixture.context)
            try await fixture.context.decodingSemaphore.acquire()
            #expect(try await gate.decoding(1_000) { 1 } == 1)
            let isDone = Shared(false)
            try await fixture.running({ _ = try? await gate.decoding(1_000_000) { isDone.withLock { $0 = true } } }) {
                try await fixture.sleep(.seconds(1))
                #expect(!isDone.withLock { $0 })
                fixture.context.decodingSemaphore.release()
                try await fixture.sleep(.seconds(1))
                #expect(isDone.withLock { $0 })
            }
        }
    }
}
