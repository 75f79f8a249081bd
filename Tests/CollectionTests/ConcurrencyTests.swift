// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct ConcurrencyTests {
    @Test(
        "No more operations at once than the limit, and results in the order of the elements",
        arguments: [1, 3, 100]
    )
    func limit(limit: Int) async throws {
        try await Simulation.run { clock in
            let running = Shared((now: 0, most: 0))
            let doubled = try await Array(0..<12).concurrently(limit: limit) { number async throws(APIError) in
                running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                try await clock.wait(until: clock.now + .seconds(12 - number))
                running.withLock { $0.now -= 1 }
                return number * 2
            }
            #expect(doubled == (0..<12).map { $0 * 2 })
            #expect(running.withLock { $0.most } == min(limit, 12))
        }
    }

    @Test("The first error cancels what is running and starts nothing else")
    func failure() async throws {
        try await Simulation.run { clock in
            let started = Shared<[Int]>([])
            await #expect(throws: APIError.timedOut) {
                _ = try await [1, 60, 60].concurrently(limit: 2) { seconds async throws(APIError) in
                    started.withLock { $0.append(seconds) }
                    try await clock.wait(until: clock.now + .seconds(seconds))
                    throw .timedOut
                }
            }
            #expect(started.withLock { $0 } == [1, 60])
            #expect(clock.elapsed == .seconds(1))
        }
    }

    @Test("An error of one element is its result, one of the account is thrown")
    func results() async throws {
        let results = try await [APIError?.none, .gone, .timedOut].concurrentResults { error async throws(APIError) in
            if let error { throw error }
        }
        #expect(results.map { $0.failure } == [nil, .gone, .timedOut])
        for error in [APIError.cancelled, .refused(status: 401, advice: "x")] {
            await #expect(throws: error) {
                _ = try await [.gone, error].concurrentResults { error async throws(APIError) in throw error }
            }
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
