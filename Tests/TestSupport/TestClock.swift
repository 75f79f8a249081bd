// SPDX-License-Identifier: Apache-2.0

internal import Collection
package import Outreach
import Synchronization

/// A clock that stands still while a task runs, and jumps to the next deadline when all tasks wait.
///
/// Advanced by `Simulation.run`, together with its wall clock, which starts at 1,800,000,000 s.
package final class TestClock: CollectionClock {
    package typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        let deadline: Instant
        let order: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Instant
        var wallOffset = Duration.zero
        var sleepers: [UInt64: Sleeper] = [:]
        var orders: UInt64 = 0
    }

    /// The time at creation.
    package let start: Instant
    private let state: Mutex<State>

    package init() {
        start = ContinuousClock.now
        state = Mutex(State(now: start))
    }

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .nanoseconds(1) }
    package var wallTime: Timestamp {
        let elapsed = state.withLock { $0.now - start + $0.wallOffset }
        return Timestamp(seconds: 1_800_000_000 + elapsed / .seconds(1))
    }

    /// The time since the start.
    package var elapsed: Duration { now - start }

    /// The number of tasks that sleep.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves the wall clock forward or back, but not the monotonic one.
    package func shiftWallTime(by offset: Duration) {
        state.withLock { $0.wallOffset += offset }
    }

    /// Lets time pass in which no task runs, as between SIGSTOP and SIGCONT.
    package func stop(for duration: Duration) {
        state.withLock { $0.now += duration }
    }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let order = state.withLock { state in
            state.orders += 1
            return state.orders
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[order] = Sleeper(deadline: deadline, order: order, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: order) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Jumps to the next deadline and wakes its task; `false` if no task sleeps.
    func advance() -> Bool {
        let next = state.withLock { state -> Sleeper? in
            let next = state.sleepers.values.min { ($0.deadline, $0.order) < ($1.deadline, $1.order) }
            guard let next else { return nil }
            state.sleepers[next.order] = nil
            state.now = max(state.now, next.deadline)
            return next
        }
        next?.continuation.resume()
        return next != nil
    }
}
