// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Runs concurrent code in virtual time and in the same order every time.
///
/// All tasks run on one serial queue. When none can continue, the clock jumps to the next deadline: hours pass in
/// milliseconds, and the order of events does not depend on the machine.
package enum Simulation {
    /// No task can continue and none sleeps.
    package struct Deadlock: Error {}
    /// The clock reached the maximum number of jumps.
    package struct Endless: Error {}

    /// Runs the body and its child tasks to the end, with at most `jumps` jumps of the clock.
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

/// An executor that runs its jobs only in `drain`.
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
