// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Collection

@Suite struct LimiterTests {
    @Test("A thousand requests take as long as the rate says")
    func pace() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 10, burst: 5, clock: clock)
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<1000 { group.addTask { try await limiter.pass() } }
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
                        try await limiter.pass()
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
                // Each worker asks again as soon as it passed, as accounts with that many slots do.
                for worker in 0..<8 {
                    group.addTask {
                        while (try? await limiter.pass()) != nil { shares.withLock { $0[worker % 2] += 1 } }
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

    @Test("A storm of cancellations uses up nothing and blocks nobody")
    func cancellationStorm() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 1, burst: 1, clock: clock)
            try await limiter.pass()
            await withTaskGroup { group in
                for _ in 0..<10_000 { group.addTask { try? await limiter.pass() } }
                try? await clock.wait(until: clock.now + .milliseconds(500))
                group.cancelAll()
            }
            #expect(clock.elapsed == .milliseconds(500))
            #expect(clock.sleeperCount == 0)
            try await limiter.pass()
            #expect(clock.elapsed == .seconds(1))
        }
    }

    @Test("A pause holds even the request that waits already")
    func pause() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 1, burst: 1, clock: clock)
            try await limiter.pass()
            async let second: Void = limiter.pass()
            try await clock.wait(until: clock.now + .milliseconds(100))
            limiter.slowDown(sent: clock.now, retryAfter: .seconds(60))
            try await second
            #expect(clock.elapsed > .seconds(60))
        }
    }
}

@Suite struct SlotsTests {
    @Test("Never more than so many at once, and all get their turn")
    func bound() async throws {
        try await Simulation.run { clock in
            let slots = AsyncSemaphore(3)
            let inside = Shared((now: 0, most: 0, ever: 0))
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await slots.enter()
                        inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.ever + 1) }
                        try await clock.wait(until: clock.now + .seconds(1))
                        inside.withLock { $0.now -= 1 }
                        slots.leave()
                    }
                }
            }
            #expect(inside.withLock { $0.most } == 3)
            #expect(inside.withLock { $0.ever } == 100)
            #expect(clock.elapsed == .seconds(34))
        }
    }

    @Test("A task that is cancelled already takes no slot, free or not", arguments: [0, 1])
    func cancelledBefore(taken: Int) async throws {
        try await Simulation.run { _ in
            let slots = AsyncSemaphore(1)
            for _ in 0..<taken { try await slots.enter() }
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: APIError.cancelled) { try await slots.enter() }
                }
            }
            if taken > 0 { slots.leave() }
            try await slots.enter()
        }
    }

    @Test("Storms on many threads leave every slot free")
    func threads() async throws {
        let slots = AsyncSemaphore(4)
        for _ in 0..<20 {
            await withTaskGroup { group in
                for _ in 0..<500 {
                    group.addTask {
                        guard (try? await slots.enter()) != nil else { return }
                        await Task.yield()
                        slots.leave()
                    }
                }
                await Task.yield()
                group.cancelAll()
            }
        }
        for _ in 0..<4 { try await slots.enter() }
    }
}
