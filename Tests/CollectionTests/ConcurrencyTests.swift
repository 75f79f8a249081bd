// SPDX-License-Identifier: Apache-2.0

import Collection
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConcurrencyTests {
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
}
