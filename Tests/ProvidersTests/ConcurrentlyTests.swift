// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Providers

@Suite struct ConcurrentlyTests {
    @Test("Outcomes come in the order of the elements")
    func order() async throws {
        let doubled = try await Array(0..<100).concurrently { number async throws(APIError) in
            if number % 2 == 0 { await Task.yield() }
            return number * 2
        }
        #expect(doubled == (0..<100).map { $0 * 2 })
    }

    @Test("One failure is the whole's, told as it was and not as the cancellation that it causes")
    func failure() async throws {
        await #expect(throws: APIError.timedOut) {
            try await [1, 2, 3].concurrently { number async throws(APIError) -> Int in
                guard number != 2 else { throw .timedOut }
                while !Task.isCancelled { await Task.yield() }
                throw .cancelled
            }
        }
    }

    @Test("Batches hold everything once", arguments: [(0, []), (2, [2]), (3, [3]), (7, [3, 3, 1])])
    func batches(_ count: Int, _ sizes: [Int]) {
        let batches = Array(0..<count).batches(of: 3)
        #expect(batches.map(\.count) == sizes)
        #expect(batches.flatMap(\.self) == Array(0..<count))
    }

    @Test("A campaign's failure is its own, a refused key everybody's")
    func details() async throws {
        let details = try await ["a", "b"].details { id async throws(APIError) in
            guard id == "a" else { throw .timedOut }
            return Campaign(id: id)
        }
        #expect(details == ["a": .success(Campaign(id: "a")), "b": .failure(.timedOut)])
        let refusal = APIError.refused(status: 401, advice: "")
        await #expect(throws: refusal) {
            try await ["a"].details { _ async throws(APIError) in throw refusal }
        }
    }
}
