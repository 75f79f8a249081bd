// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Runs concurrent code in virtual time, every time in the same order.
///
/// All its tasks take turns on one queue. When none of them can go on, the clock jumps to where the next one wants to
/// wake up: hours pass in milliseconds, and what happens first does not depend on the machine.
package enum Simulation {
    /// Nothing can go on any more and nobody sleeps: the code waits for something that never comes.
    package struct Deadlock: Error {}
    /// The clock moved more often than a test can mean.
    package struct Endless: Error {}

    /// Runs the body, and whatever child tasks it has, to its end; the clock moves so many times at most.
    ///
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, `Deadlock` or `Endless`.
    @discardableResult
    package static func run<Value: Sendable>(
        jumps: Int = 5_000_000,
        _ body: @escaping @Sendable (TestClock) async throws -> Value
    ) async throws -> Value {
        let clock = TestClock()
        let queue = JobQueue()
        let ended = Mutex(false)
        let task = Task(executorPreference: queue) {
            defer { ended.withLock { $0 = true } }
            return try await body(clock)
        }
        for _ in 0..<jumps {
            queue.drain()
            if ended.withLock({ $0 }) { return try await task.value }
            guard clock.advance() else { throw Deadlock() }
        }
        throw Endless()
    }
}

/// An executor whose jobs run when told.
private final class JobQueue: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var next = 0
    }

    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Runs jobs in the order of their arrival until there are none.
    func drain() {
        while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard state.next < state.jobs.count else {
                state = State()
                return nil
            }
            defer { state.next += 1 }
            return state.jobs[state.next]
        }
    }
}
