// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct RateLimiterTests {
    @Test("A thousand requests take as long as the rate says")
    func currentRate() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 10, burst: 5, clock: clock)
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<1000 { group.addTask { try await limiter.acquire() } }
            }
            #expect((99.4...99.6).contains(clock.elapsed / .seconds(1)))
        }
    }

    @Test("Requests pass in the order of asking")
    func order() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 10, burst: 1, clock: clock)
            let passed = Shared<[Int]>([])
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<100 {
                    group.addTask {
                        try await limiter.acquire()
                        passed.withLock { $0.append(number) }
                    }
                }
            }
            #expect(passed.withLock { $0 } == Array(0..<100))
        }
    }

    @Test("Two accounts of the same key get equal shares, whoever asks for more")
    func fairness() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 10, burst: 1, clock: clock)
            let shares = Shared<[Int]>([0, 0])
            await withTaskGroup { group in
                // Each worker asks again at once, as accounts with that many concurrent requests do.
                for worker in 0..<8 {
                    group.addTask {
                        while (try? await limiter.acquire()) != nil { shares.withLock { $0[worker % 2] += 1 } }
                    }
                }
                try? await clock.wait(until: clock.now + .seconds(60))
                group.cancelAll()
            }
            let counts = shares.withLock { $0 }
            #expect(abs(counts[0] - counts[1]) <= 4)
            #expect(counts[0] + counts[1] >= 600)
        }
    }

    @Test("Many cancellations use no token and block nobody")
    func manyCancellations() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 1, burst: 1, clock: clock)
            try await limiter.acquire()
            await withTaskGroup { group in
                for _ in 0..<10_000 { group.addTask { try? await limiter.acquire() } }
                try? await clock.wait(until: clock.now + .milliseconds(500))
                group.cancelAll()
            }
            #expect(clock.elapsed == .milliseconds(500))
            #expect(clock.sleeperCount == 0)
            try await limiter.acquire()
            #expect(clock.elapsed == .seconds(1))
        }
    }

    @Test("A pause holds even the request that waits already")
    func pause() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 1, burst: 1, clock: clock)
            try await limiter.acquire()
            async let second: Void = limiter.acquire()
            try await clock.wait(until: clock.now + .milliseconds(100))
            limiter.slowDown(sent: clock.now, retryAfter: .seconds(60))
            try await second
            #expect(clock.elapsed > .seconds(60))
        }
    }
}

@Suite struct TokenBucketTests {
    private let start = ContinuousClock.now

    @Test("A full bucket lets its burst pass at once, then one request per token")
    func burst() throws {
        var bucket = TokenBucket(rate: 4, burst: 3, at: start)
        for _ in 0..<3 { #expect(bucket.take(at: start) == nil) }
        #expect(bucket.take(at: start) == .milliseconds(250))
        #expect(bucket.take(at: start + .milliseconds(125)) == .milliseconds(125))
        #expect(bucket.take(at: start + .milliseconds(250)) == nil)
        #expect(bucket.take(at: start + .milliseconds(250)) == .milliseconds(250))
    }

    @Test("An idle time fills no more than the burst")
    func idleTime() {
        var bucket = TokenBucket(rate: 4, burst: 2, at: start)
        let later = start + .seconds(3600)
        #expect(bucket.take(at: later) == nil)
        #expect(bucket.take(at: later) == nil)
        #expect(bucket.take(at: later) != nil)
    }

    @Test("The returned wait is long enough, whatever the rate", arguments: [0.3, 1, 3, 7, 8.1, 33.3])
    func waitIsEnough(rate: Double) {
        var bucket = TokenBucket(rate: rate, burst: 1, at: start)
        var now = start
        for _ in 0..<500 {
            if let wait = bucket.take(at: now) {
                now += wait
                #expect(bucket.take(at: now) == nil)
            }
        }
    }

    @Test("In any second no more than rate plus burst pass")
    func neverTooMany() {
        var bucket = TokenBucket(rate: 8, burst: 4, at: start)
        var passed: [ContinuousClock.Instant] = []
        var now = start
        while now < start + .seconds(20) {
            if let wait = bucket.take(at: now) { now += wait } else { passed.append(now) }
        }
        for moment in passed {
            #expect(passed.count { $0 >= moment && $0 < moment + .seconds(1) } <= 12)
        }
        #expect((160...164).contains(passed.count))
    }

    @Test("A 429 halves the rate once, however many requests were in flight")
    func halving() {
        var bucket = TokenBucket(rate: 8, burst: 4, at: start)
        let answered = start + .seconds(1)
        bucket.slowDown(sent: start, at: answered, retryAfter: nil)
        bucket.slowDown(sent: start, at: answered + .milliseconds(10), retryAfter: nil)
        #expect((3.99...4.01).contains(bucket.currentRate))
        bucket.slowDown(sent: answered, at: answered + .milliseconds(20), retryAfter: nil)
        #expect((1.99...2.01).contains(bucket.currentRate))
    }

    @Test("The rate rises linearly, to the configured one and no further")
    func recovery() {
        var bucket = TokenBucket(rate: 10, burst: 1, at: start)
        bucket.slowDown(sent: start, at: start, retryAfter: nil)
        #expect(bucket.currentRate == 5)
        _ = bucket.take(at: start + .seconds(10))
        #expect((5.99...6.01).contains(bucket.currentRate))
        _ = bucket.take(at: start + .seconds(20))
        #expect((6.99...7.01).contains(bucket.currentRate))
        _ = bucket.take(at: start + .seconds(500))
        #expect(bucket.currentRate == 10)
    }

    @Test("The rate never falls to zero")
    func floor() {
        var bucket = TokenBucket(rate: 8, burst: 1, at: start)
        for second in 0..<100 {
            let moment = start + .milliseconds(second)
            bucket.slowDown(sent: moment, at: moment, retryAfter: nil)
        }
        #expect(bucket.currentRate >= 0.25)
    }

    @Test("A pause lets nothing pass before its end, nor a burst after it")
    func pause() {
        var bucket = TokenBucket(rate: 4, burst: 4, at: start)
        bucket.slowDown(sent: start, at: start, retryAfter: .seconds(30))
        #expect(bucket.pauseEnd(at: start) == start + .seconds(30))
        #expect(bucket.take(at: start) == .milliseconds(30_500))
        #expect(bucket.take(at: start + .seconds(29)) == .milliseconds(1500))
        let end = start + .milliseconds(30_500)
        #expect(bucket.take(at: end) == nil)
        #expect(bucket.take(at: end) != nil)
        #expect(bucket.pauseEnd(at: end) == nil)
    }

    @Test("A provider cannot stop an account for longer than ten minutes at a time")
    func longestPause() {
        var bucket = TokenBucket(rate: 4, burst: 1, at: start)
        bucket.slowDown(sent: start, at: start, retryAfter: .seconds(1_000_000))
        #expect(bucket.pauseEnd(at: start) == start + .seconds(600))
    }

    @Test("A new configured rate keeps the share of the current one")
    func configure() {
        var bucket = TokenBucket(rate: 8, burst: 1, at: start)
        bucket.slowDown(sent: start, at: start, retryAfter: nil)
        bucket.configure(rate: 4, burst: 1)
        #expect(bucket.currentRate == 2)
        #expect(bucket.rate == 4)
    }
}
