// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct AsyncSemaphoreTests {
    @Test("No more tasks at once than permits, and every task gets one")
    func bound() async throws {
        try await Simulation.run { clock in
            let semaphore = AsyncSemaphore(3)
            let inside = Shared((now: 0, most: 0, ever: 0))
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await semaphore.acquire()
                        inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.ever + 1) }
                        try await clock.wait(until: clock.now + .seconds(1))
                        inside.withLock { $0.now -= 1 }
                        semaphore.release()
                    }
                }
            }
            #expect(inside.withLock { $0.most } == 3)
            #expect(inside.withLock { $0.ever } == 100)
            #expect(clock.elapsed == .seconds(34))
        }
    }

    @Test("A cancelled task takes no permit, free or not", arguments: [0, 1])
    func cancelledBefore(taken: Int) async throws {
        try await Simulation.run { _ in
            let semaphore = AsyncSemaphore(1)
            for _ in 0..<taken { try await semaphore.acquire() }
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: APIError.cancelled) { try await semaphore.acquire() }
                }
            }
            if taken > 0 { semaphore.release() }
            try await semaphore.acquire()
        }
    }

    @Test("After many cancellations on many threads every permit is free")
    func threads() async throws {
        let semaphore = AsyncSemaphore(4)
        for _ in 0..<20 {
            await withTaskGroup { group in
                for _ in 0..<500 {
                    group.addTask {
                        guard (try? await semaphore.acquire()) != nil else { return }
                        await Task.yield()
                        semaphore.release()
                    }
                }
                await Task.yield()
                group.cancelAll()
            }
        }
        for _ in 0..<4 { try await semaphore.acquire() }
    }
}

@Suite struct WaiterQueueTests {
    @Test("A permit goes to the first that asks, a released one to the first that waits")
    func order() {
        var queue = WaiterQueue<String>(permits: 1)
        #expect(queue.acquire("a") == true)
        #expect(queue.acquire("b") == false)
        #expect(queue.acquire("c") == false)
        #expect(queue.release() == "b")
        #expect(queue.release() == "c")
        #expect(queue.release() == nil)
        #expect(queue.acquire("d") == true)
    }

    @Test("A cancelled waiter is skipped, and cannot be cancelled twice")
    func cancel() {
        var queue = WaiterQueue<String>(permits: 1)
        _ = queue.acquire("a")
        let second = queue.makeID()
        _ = queue.acquire("b", id: second)
        _ = queue.acquire("c")
        #expect(queue.cancel(second) == "b")
        #expect(queue.cancel(second) == nil)
        #expect(queue.release() == "c")
        #expect(queue.count == 0)
    }

    @Test("A waiter with a lower id is served first even if it is enqueued later")
    func lateWaiter() {
        var queue = WaiterQueue<String>(permits: 1)
        _ = queue.acquire("holder")
        let early = queue.makeID()
        _ = queue.acquire("other")
        #expect(queue.release() == "other")
        _ = queue.acquire("early", id: early)
        #expect(queue.release() == "early")
        #expect(queue.release() == nil)
    }

    @Test("No mix of acquiring, releasing and cancelling loses or adds a permit")
    func balance() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var chance = SeededGenerator(seed: seed)
        var queue = WaiterQueue<UInt64>(permits: 3)
        var inside = 0
        var waiting: Set<UInt64> = []
        for _ in 0..<10_000 {
            switch Int.random(in: 0..<3, using: &chance) {
            case 0:
                let id = queue.makeID()
                if queue.acquire(id, id: id) { inside += 1 } else { waiting.insert(id) }
            case 1 where inside > 0:
                if let next = queue.release() { waiting.remove(next) } else { inside -= 1 }
            case 2:
                guard let id = waiting.sorted().randomElement(using: &chance) else { continue }
                #expect(queue.cancel(id) == id)
                waiting.remove(id)
            default: continue
            }
            #expect(inside <= 3, "seed \(seed)")
            #expect(waiting.isEmpty || inside == 3, "seed \(seed)")
            #expect(queue.count == waiting.count, "seed \(seed)")
        }
    }
}

extension WaiterQueue {
    fileprivate mutating func acquire(_ waiter: Waiter) -> Bool {
        acquire(waiter, id: makeID())
    }
}
