// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
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
        let task = Task(executorPreference: queue) {
            defer { queue.finish() }
            return try await body(clock)
        }
        let outcome: Result<Void, any Error> = await withCheckedContinuation { continuation in
            threads.next().async {
                continuation.resume(
                    returning: Result { try drain(queue, clock, jumps: jumps) }
                )
            }
        }
        try outcome.get()
        return try await task.value
    }

    /// Simulations have threads of their own: a simulation never waits, and would starve the tests of real sockets on
    /// the threads of Swift concurrency, of which there is one per processor.
    private static let threads = Threads(ProcessInfo.processInfo.activeProcessorCount)

    private static func drain(_ queue: JobQueue, _ clock: TestClock, jumps: Int) throws {
        for _ in 0..<jumps {
            queue.drain()
            if queue.hasFinished { return }
            guard clock.advance() else { throw Deadlock() }
        }
        throw Endless()
    }
}

/// Threads that take turns.
private final class Threads: Sendable {
    private let queues: [DispatchQueue]
    private let turn = Atomic(0)

    init(_ count: Int) {
        queues = (0..<count).map { DispatchQueue(label: "simulations.\($0)") }
    }

    func next() -> DispatchQueue {
        queues[turn.wrappingAdd(1, ordering: .relaxed).oldValue % queues.count]
    }
}

/// An executor that runs its jobs only in `drain`.
private final class JobQueue: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var next = 0
        var hasFinished = false
    }

    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Whether the body has ended.
    var hasFinished: Bool { state.withLock { $0.hasFinished } }

    func finish() {
        state.withLock { $0.hasFinished = true }
    }

    /// Runs jobs in the order of their arrival until there are none.
    func drain() {
        while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard state.next < state.jobs.count else {
                state.jobs = []
                state.next = 0
                return nil
            }
            defer { state.next += 1 }
            return state.jobs[state.next]
        }
    }
}
